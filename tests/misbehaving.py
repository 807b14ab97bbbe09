"""A web server on the loopback that does as it is told, however badly, and remembers what it was asked."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from loaders.fetch.addresses import Address
from loaders.fetch.listing import Wanted
from loaders.fetch.pace import Clock, Pace
from loaders.fetch.run import Row, fetch
from loaders.fetch.wire import Limits, Place, Wire

LOOPBACK = ip_address("127.0.0.1")
SMALL = Limits(largest=100_000, read=0.1, total=60.0)
BODY = bytes(range(256)) * 200


class FakeClock(Clock):
    """Time that passes only where it is slept, or by `tick` at each look."""

    def __init__(self, tick: float = 0.0) -> None:
        self.time, self.tick, self.slept = 0.0, tick, list[float]()

    def now(self) -> float:
        self.time += self.tick
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def today(self) -> datetime:
        return datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One request: host and path, headers by lower name, and when it came."""

    host: str
    target: str
    headers: dict[str, str]
    time: float


Answer = bytes | Callable[[socket.socket], object]


@dataclass
class Server:
    """Answers by path, one after another (the last one for ever); what it has no answer for is 404."""

    port: int = 0
    clock: FakeClock = field(default_factory=FakeClock)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, path: str, *answers: Answer) -> None:
        """What to answer at a path."""
        self.answers[path] = list(answers)

    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [one.target for one in self.asked if one.target != "/robots.txt"]

    def resolve(self, host: str, port: int) -> list[Place]:
        """Every name is here; an address is itself."""
        try:
            return [(socket.AF_INET, (str(ip_address(host)), port))]
        except ValueError:
            return [(socket.AF_INET, ("127.0.0.1", self.port))]

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := connection.recv(65_536)):
                    return
                head += piece
                if head[0] == 22:  # the first byte of TLS: answered in plain
                    connection.sendall(reply(b"", 400))
                    return
            first, *lines = head.decode("ascii").splitlines()
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}
            target = first.split(" ")[1]
            self.asked.append(Asked(headers["host"], target, headers, self.clock.time))
            waiting = self.answers.get(target, [reply(b"nothing here", 404)])
            said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            connection.sendall(said) if isinstance(said, bytes) else said(connection)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)  # until the other side has read it all: a close with bytes unread would reset


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the time of the block."""
    server = Server()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.port = listening.getsockname()[1]
        threads = list[threading.Thread]()

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=server.answer, args=(connection,), daemon=True))
                threads[-1].start()

        door = threading.Thread(target=accept, daemon=True)
        door.start()
        yield server
        listening.shutdown(socket.SHUT_RDWR)
    door.join(5)
    for thread in threads:
        thread.join(5)


def reply(body: bytes, status: int = 200, *headers: str, length: bool = True) -> bytes:
    """A proper answer."""
    lines = [f"HTTP/1.1 {status} Some Reason", *headers]
    lines += [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def moved(to: str, status: int = 302) -> bytes:
    """A redirect; `to` is sent as Latin-1."""
    return reply(b"", status, f"Location: {to}")


def endless(head: bytes, piece: bytes) -> Callable[[socket.socket], object]:
    """A head, and a piece again and again until the other side has enough."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


def silent(connection: socket.socket) -> None:
    """Nothing at all, until the other side gives up."""
    connection.recv(1)


def loopback_only(address: Address) -> bool:
    """The rule of these tests: 127.0.0.1 and nothing else, not even another address of the loopback."""
    return address == LOOPBACK


def run(server: Server, folder: Path, *urls: str, limits: Limits = SMALL) -> list[Row]:
    """Fetch from the server by its clock; every name leads to it."""
    wire = Wire(limits, server.clock, loopback_only, server.resolve)
    return fetch([Wanted(url) for url in urls], folder, wire, Pace(server.clock), server.clock)
