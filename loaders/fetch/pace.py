"""When a host is asked again: one request a second, later where it says so; how long to wait after a failure."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from loaders.errors import NotFetched

INTERVAL = 1.0  # seconds between two requests to a host
BACK_OFF = 2.0  # seconds after the first failure; twice as many after each further one
LONGEST = 300.0  # seconds that are waited for a host; one that asks for more is left alone in this run


class Clock:
    """The time and how to let it pass; tests have their own."""

    def now(self) -> float:
        """Seconds, from anywhere."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def today(self) -> datetime:
        """The time of day in UTC."""
        return datetime.now(UTC)


class Pace:
    """When each host may be asked next."""

    def __init__(self, clock: Clock, interval: float = INTERVAL) -> None:
        self._clock, self._interval = clock, interval
        self._next, self._delays = dict[str, float](), dict[str, float]()

    def delay(self, host: str, seconds: float) -> None:
        """Ask a host less often from now on. Raises NotFetched(CRAWL_DELAY) where it asks for too much."""
        if seconds > LONGEST:
            raise NotFetched("CRAWL_DELAY", f"{seconds:.0f} s")
        self._delays[host] = max(seconds, self._delays.get(host, 0.0))

    def pause(self, host: str, seconds: float) -> None:
        """Leave a host alone for so long."""
        self._next[host] = max(self._next.get(host, 0.0), self._clock.now() + seconds)

    def wait(self, host: str) -> None:
        """Return when the host may be asked. Raises NotFetched(RETRY_LATER) where that is too long from now."""
        left = self._next.get(host, 0.0) - self._clock.now()
        if left > LONGEST:
            raise NotFetched("RETRY_LATER", f"{left:.0f} s")
        if left > 0:
            self._clock.sleep(left)
        self._next[host] = self._clock.now() + max(self._interval, self._delays.get(host, 0.0))


def retry_after(value: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for; 0 where there is none or it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
