"""One request and its answer, within limits of time and size; the only module of the loaders with network code.

The name is resolved here, every address is checked, and the connection goes to the address that was checked: what the
name means a moment later (DNS rebinding) does not matter. No proxy, no cookies, no reuse of a connection.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from loaders.errors import NotFetched
from loaders.fetch.addresses import Address, address_of, is_public
from loaders.fetch.pace import Clock
from loaders.fetch.urls import Url

PIECE = 65_536  # bytes at a time
Place = tuple[int, Any]  # family and what connect() takes
Resolve = Callable[[str, int], list[Place]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a document and of a head, seconds without a byte and for all of it."""

    largest: int = 50_000_000
    head: int = 65_536
    read: float = 30.0
    total: float = 300.0


def resolved(host: str, port: int) -> list[Place]:
    """The addresses of a name, as the system tells them. Raises OSError, UnicodeError."""
    return [(family, place) for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Response:
    """An answer whose head is read; `pieces` reads the body."""

    def __init__(self, response: http.client.HTTPResponse, largest: int) -> None:
        self.status = response.status
        self.headers = [(name, value) for name, value in response.headers.items()]
        self.length = response.length
        self.ends_by = "chunked" if response.chunked else "length" if self.length is not None else "close"
        self._response, self._largest = response, largest
        self._check()

    def header(self, name: str) -> str:
        """The first header of a name, "" where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def _check(self) -> None:
        """Raises NotFetched where two readers could take the body for different ones."""
        lengths = {value.strip() for key, value in self.headers if key.lower() == "content-length"}
        coding = self.header("transfer-encoding").strip().lower()
        if coding not in ("", "chunked") or len(lengths) > 1 or not all(n.isascii() and n.isdigit() for n in lengths):
            raise NotFetched("BAD_RESPONSE", f"length {sorted(lengths)}, coding {coding!r}"[:200])

    def pieces(self, before: int = 0) -> Iterator[bytes]:
        """The body piece by piece; `before` bytes of it are there already.

        Raises NotFetched: TOO_LARGE, INCOMPLETE where it ends before its end, TIMEOUT, TOO_SLOW.
        """
        seen = 0
        if before + (self.length or 0) > self._largest:
            raise NotFetched("TOO_LARGE", f"{before + (self.length or 0)} B > {self._largest} B")
        try:
            while piece := self._response.read1(PIECE):
                seen += len(piece)
                if before + seen > self._largest:
                    raise NotFetched("TOO_LARGE", f"> {self._largest} B")
                yield piece
        except (http.client.HTTPException, OSError) as error:
            raise NotFetched("INCOMPLETE", f"{seen} B: {error!r}"[:200], again=True) from error
        if self.length is not None and seen != self.length:
            raise NotFetched("INCOMPLETE", f"{seen} B of {self.length} B", again=True)


class _Stream(io.RawIOBase):
    """A socket as bytes, with the time that is left and the bytes that a head may have."""

    def __init__(self, sock: socket.socket, limits: Limits, deadline: float, clock: Clock) -> None:
        self._sock, self._limits, self._deadline, self._clock = sock, limits, deadline, clock
        self.head = True
        self._seen = 0

    def readable(self) -> bool:
        return True

    def makefile(self, _: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        return io.BufferedReader(self)

    def readinto(self, buffer: Any, /) -> int:
        left = self._deadline - self._clock.now()
        if left <= 0:
            raise NotFetched("TOO_SLOW", f"> {self._limits.total:.0f} s")
        if self.head and self._seen > self._limits.head:
            raise NotFetched("HUGE_HEADERS", f"> {self._limits.head} B")
        self._sock.settimeout(min(self._limits.read, left))
        try:
            count = self._sock.recv_into(buffer)
        except TimeoutError as error:
            raise NotFetched("TIMEOUT", f"{self._limits.read:.0f} s", again=True) from error
        self._seen += count
        return count


class Wire:
    """Asks hosts whose addresses are `allowed`; tests bring their own rule, and nothing else can."""

    def __init__(
        self,
        limits: Limits = Limits(),
        clock: Clock | None = None,
        allowed: Callable[[Address], bool] = is_public,
        resolve: Resolve = resolved,
    ) -> None:
        self.limits, self._clock = limits, clock or Clock()
        self._allowed, self._resolve = allowed, resolve
        self._context = ssl.create_default_context()

    @contextmanager
    def get(self, url: Url, headers: Mapping[str, str]) -> Iterator[Response]:
        """The answer to GET; the connection ends with the block. Raises NotFetched."""
        deadline = self._clock.now() + self.limits.total
        with self._connected(url, deadline) as sock:
            stream = _Stream(sock, self.limits, deadline, self._clock)
            lines = [f"GET {url.target} HTTP/1.1", f"Host: {url.authority}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            response = http.client.HTTPResponse(cast(socket.socket, stream), method="GET")
            try:
                sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
                response.begin()
            except http.client.RemoteDisconnected as error:
                raise NotFetched("INCOMPLETE", "no answer", again=True) from error
            except http.client.HTTPException as error:
                huge = isinstance(error, http.client.LineTooLong) or type(error) is http.client.HTTPException
                raise NotFetched("HUGE_HEADERS" if huge else "BAD_RESPONSE", repr(error)[:200]) from error
            except OSError as error:
                raise NotFetched("INCOMPLETE", repr(error)[:200], again=True) from error
            stream.head = False
            yield Response(response, self.limits.largest)

    def _connected(self, url: Url, deadline: float) -> socket.socket:
        """A connection to an address that was checked, through TLS for https."""
        problem: OSError | None = None
        for family, place in self._places(url):
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(max(0.001, min(self.limits.read, deadline - self._clock.now())))
                sock.connect(place)
                return self._context.wrap_socket(sock, server_hostname=url.host) if url.scheme == "https" else sock
            except ssl.SSLError as error:
                sock.close()
                raise NotFetched("TLS", str(error)[:200]) from error
            except OSError as error:
                sock.close()
                problem = error
        raise NotFetched("UNREACHABLE", str(problem)[:200], again=True)

    def _places(self, url: Url) -> list[Place]:
        """All addresses of the host. Raises NotFetched where one of them may not be asked: such an answer is a trick."""
        try:
            places = self._resolve(url.host, url.port)
        except (OSError, UnicodeError) as error:
            passing = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise NotFetched("NO_HOST", f"{url.host}: {error}"[:200], again=passing) from error
        for _, place in places:
            if not self._allowed(address_of(str(place[0]))):
                raise NotFetched("PRIVATE_ADDRESS", f"{url.host}: {place[0]}")
        return places
