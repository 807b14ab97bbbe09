"""An address taken apart and written anew, so that nothing but what was checked goes over the wire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from loaders.errors import NotFetched

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SAFE = "/%:@!$&'()*+,;=~-._"
LONGEST = 4000  # characters


@dataclass(frozen=True, slots=True)
class Url:
    """An address of http or https; `target` is path and query, ASCII throughout."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The host as the Host header has it."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: one robots.txt."""
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


def parse(text: str) -> Url:
    """The address that a text is; the fragment is left out.

    Raises NotFetched: SCHEME where it is neither http nor https, BAD_URL where it is no address or names a user.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or CONTROL.search(text):
        raise NotFetched("BAD_URL", repr(text[:100]))
    try:
        parts = urlsplit(text)
        scheme, port = parts.scheme.lower(), parts.port
        if scheme not in PORTS:
            raise NotFetched("SCHEME", scheme or repr(text[:100]))
        host = _host(parts.hostname or "")
    except ValueError as error:  # also of encodings: a label of a name that is too long
        raise NotFetched("BAD_URL", f"{text[:100]}: {error}") from error
    if parts.username is not None or parts.password is not None or port == 0:
        raise NotFetched("BAD_URL", "user, password or port 0")
    query = f"?{quote(parts.query, safe=SAFE + '?')}" if parts.query else ""
    return Url(scheme, host, port or PORTS[scheme], (quote(parts.path, safe=SAFE) or "/") + query)


def _host(name: str) -> str:
    if "%" in name:  # the zone of an address on this network
        raise ValueError(name)
    if ":" in name:
        return str(IPv6Address(name))
    name = name.rstrip(".").encode("idna").decode("ascii").lower()
    if not HOST.fullmatch(name):
        raise ValueError(f"no host: {name!r}")
    return name


def joined(base: Url, location: str) -> Url:
    """Where a redirect leads; `location` is the header as http.client decodes it, bytes as Latin-1.

    Raises NotFetched.
    """
    raw = location.encode("latin-1", "replace")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:  # a site that writes its own encoding there means these very bytes
        text = quote(raw, safe=SAFE + "?#[]")
    try:
        return parse(urljoin(str(base), text.strip()))
    except ValueError as error:
        raise NotFetched("BAD_URL", f"{text[:100]}: {error}") from error
