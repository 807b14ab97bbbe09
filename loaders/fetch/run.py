"""Everything on a list, one after another: what robots.txt allows, at the pace of each host, again where it may help."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from loaders.errors import NotFetched
from loaders.fetch import robots
from loaders.fetch.listing import Wanted
from loaders.fetch.pace import BACK_OFF, LONGEST, Clock, Pace, retry_after
from loaders.fetch.robots import EVERYTHING, NOTHING, Rules
from loaders.fetch.store import Note, Part, Store
from loaders.fetch.urls import Url, joined, parse
from loaders.fetch.wire import Response, Wire
from loaders.schema import PARSER_VERSION

AGENT = f"{robots.AGENT}/{PARSER_VERSION} (reads annual reports on government information disclosure; obeys robots.txt)"
ASKED = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
TRIES, HOPS = 4, 5
ENOUGH = 3  # documents of a host in a row that time and again did not come: the host is left alone in this run
MOVED = {301, 302, 303, 307, 308}
PASSING = {408, 425, 429, 500, 502, 503, 504}
STRONG = re.compile(r'"[\x21\x23-\x7e]*"')  # an entity tag that stands for the very bytes
DAY = re.compile(r"[A-Za-z0-9,: ]{10,40}")  # Last-Modified
RANGE = re.compile(r"bytes (\d+)-\d+/(?:\d+|\*)")
Row = dict[str, object]
Done = TypeVar("Done")


def fetch(
    wanted: Iterable[Wanted],
    folder: Path,
    wire: Wire | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
    tell: Callable[[Row], object] = dict,
) -> list[Row]:
    """Fetch what is not there yet; the rows of index.csv for the list come back, `state` there, fetched or failed.

    Raises BadIndex for an index that can't be read, OSError where the folder can't be written.
    """
    clock = clock or Clock()
    run = _Run(Store(folder), wire or Wire(clock=clock), pace or Pace(clock), clock)
    rows: list[Row] = []
    try:
        for one in wanted:
            rows.append(run.row(one))
            tell(rows[-1])
    finally:
        run.store.index(rows)
    return rows


class _Run:
    """One run: what is known of each site so far."""

    def __init__(self, store: Store, wire: Wire, pace: Pace, clock: Clock) -> None:
        self.store, self._wire, self._pace, self._clock = store, wire, pace, clock
        self._rules = dict[str, Rules | NotFetched]()
        self._failed = Counter[str]()

    def row(self, wanted: Wanted) -> Row:
        """What came of one address."""
        about = wanted.about()
        row: Row = {**wanted.others(), "file": "", "source_url": wanted.url, **about}
        try:
            url = parse(wanted.url)
            note = self.store.there(url)
            state = "fetched" if note is None else "there"
            if note is None:
                note = self._fetched(url, {"url": wanted.url, **about})
        except NotFetched as error:
            detail = error.detail.replace("\n", " ")
            return row | {"state": "failed", "reason": error.reason, "detail": detail}
        known = {name: note.get(name, "") for name in ("file", "final_url", "status", "bytes", "sha256", "fetched_at")}
        return row | {"state": state, "reason": "", "detail": ""} | known

    def _fetched(self, url: Url, note: Note) -> Note:
        """A document that is not there yet. Raises NotFetched."""
        if self._failed[url.host] >= ENOUGH:
            raise NotFetched("HOST_FAILING", url.host)
        try:
            found = self._again(lambda: self._document(url, note))
        except NotFetched as error:
            self._failed[url.host] = self._failed[url.host] + 1 if error.again else 0
            raise
        self._failed[url.host] = 0
        return found

    def _again(self, work: Callable[[], Done]) -> Done:
        """What comes of work, tried again after longer and longer pauses where that may help."""
        for number in range(1, TRIES):
            try:
                return work()
            except NotFetched as error:
                if not error.again:
                    raise
                self._clock.sleep(max(error.after, BACK_OFF * 2 ** (number - 1)))
        return work()

    def _document(self, url: Url, note: Note) -> Note:
        part, at, hops = self.store.part(url), url, [str(url)]
        while True:
            self._allowed(at)
            self._pace.wait(at.host)
            going_on = {"Range": f"bytes={part.size}-", "If-Range": part.validator} if part.final_url == str(at) else {}
            with self._wire.get(at, ASKED | going_on) as response:
                if response.status in MOVED:
                    at = _next(at, response, hops)
                    continue
                self._take(response, at, part, bool(going_on))
            break
        note |= {
            "final_url": str(at),
            "redirects": hops[:-1],
            "fetched_at": f"{self._clock.today():%Y-%m-%dT%H:%M:%SZ}",
        }
        note |= {"status": response.status, "ends_by": response.ends_by, "user_agent": AGENT}
        note |= {"headers": [[_text(name), _text(value)] for name, value in response.headers]}
        encoding, kind = response.header("content-encoding").strip().lower(), response.header("content-type")
        try:
            return self.store.finish(url, part, note, encoding, kind, self._wire.limits.largest)
        except NotFetched:
            part.drop()
            raise

    def _take(self, response: Response, at: Url, part: Part, going_on: bool) -> None:
        """The body of an answer, behind what is there or anew. Raises NotFetched."""
        self._refused(response, at)
        found = RANGE.fullmatch(response.header("content-range").strip().lower())
        if going_on and (
            response.status != 200 and not (response.status == 206 and found and int(found[1]) == part.size)
        ):
            part.drop()
            raise NotFetched(
                "INCOMPLETE", f"HTTP {response.status} {response.header('content-range')[:50]}", again=True
            )
        if response.status not in (200, 206) or (response.status == 206 and not going_on):
            raise NotFetched(f"HTTP_{response.status}", str(at)[:200])
        if response.status == 200:
            part.keep(str(at), _validator(response))
        try:
            part.write(response.pieces(part.size))
        except NotFetched as error:
            if not error.again or not part.validator:
                part.drop()
            raise

    def _refused(self, response: Response, at: Url) -> None:
        """Raises NotFetched for a status that another try may help, now or in another run."""
        if response.status in PASSING:
            after = retry_after(response.header("retry-after"), self._clock.today())
            if after > LONGEST:
                self._pace.pause(at.host, after)
                raise NotFetched("RETRY_LATER", f"HTTP {response.status}, {after:.0f} s")
            raise NotFetched(f"HTTP_{response.status}", str(at)[:200], again=True, after=after)

    def _allowed(self, url: Url) -> None:
        """Raises NotFetched where the site's robots.txt keeps us out, or can't be read."""
        if url.origin not in self._rules:
            try:
                self._rules[url.origin] = self._again(lambda: self._robots(url))
            except NotFetched as error:
                self._rules[url.origin] = error
        rules = self._rules[url.origin]
        if isinstance(rules, NotFetched):
            raise NotFetched(*_unreachable(rules))
        if not rules.allows(url.target):
            raise NotFetched("ROBOTS", f"{url.origin}/robots.txt")
        self._pace.delay(url.host, rules.delay)

    def _robots(self, url: Url) -> Rules:
        """The rules of a site: 401 and 403 forbid everything, any other 4xx nothing. Raises NotFetched."""
        at = parse(f"{url.origin}/robots.txt")
        hops = [str(at)]
        while True:
            self._pace.wait(at.host)
            with self._wire.get(at, ASKED) as response:
                if response.status in MOVED:
                    at = _next(at, response, hops)
                    continue
                self._refused(response, at)
                if response.status in (401, 403):
                    return NOTHING
                if 400 <= response.status < 500:
                    return EVERYTHING
                if response.status != 200:
                    raise NotFetched(f"HTTP_{response.status}", str(at)[:200])
                return robots.parse(_beginning(response).decode("utf-8-sig", "replace"))


def _beginning(response: Response) -> bytes:
    found = b""
    for piece in response.pieces():
        found += piece
        if len(found) >= robots.LARGEST:
            break
    return found[: robots.LARGEST]


def _unreachable(error: NotFetched) -> tuple[str, str]:
    """A site that can't be reached at all says so itself; one whose robots.txt can't be read is left alone."""
    own = {"NO_HOST", "UNREACHABLE", "PRIVATE_ADDRESS", "TLS", "RETRY_LATER", "CRAWL_DELAY"}
    return (error.reason, error.detail) if error.reason in own else ("ROBOTS_UNREACHABLE", str(error)[:200])


def _next(at: Url, response: Response, hops: list[str]) -> Url:
    """Where a redirect leads; `hops` grows by it. Raises NotFetched: NO_LOCATION, REDIRECT_LOOP, REDIRECTS, SCHEME."""
    location = response.header("location")
    if not location:
        raise NotFetched("NO_LOCATION", f"HTTP {response.status}")
    to = joined(at, location)
    if str(to) in hops:
        raise NotFetched("REDIRECT_LOOP", str(to)[:200])
    if len(hops) > HOPS:
        raise NotFetched("REDIRECTS", f"> {HOPS}")
    hops.append(str(to))
    return to


def _validator(response: Response) -> str:
    """What tells the same bytes later: a strong entity tag or the date; "" where neither can be sent back safely.

    What comes packed can't be gone on with: another packing of the same document may differ.
    """
    tag, day = response.header("etag").strip(), response.header("last-modified").strip()
    if response.header("content-encoding"):
        return ""
    return tag if STRONG.fullmatch(tag) else day if DAY.fullmatch(day) else ""


def _text(header: str) -> str:
    """A header as text: http.client gives bytes as Latin-1, sites mean UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows of each state, failures by their reason."""
    return dict(Counter(str(row["reason"] or row["state"]) for row in rows))
