"""Transfers that break, hosts that are not what they seem, connections that are not secure."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from loaders.__main__ import USAGE, main
from loaders.fetch.listing import Wanted
from loaders.fetch.pace import Pace
from loaders.fetch.run import fetch
from loaders.fetch.wire import Limits, Place, Wire
from tests.misbehaving import (
    BODY,
    SMALL,
    Answer,
    FakeClock,
    Server,
    loopback_only,
    reply,
    run,
    serving,
)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def broken(tag: str) -> bytes:
    """Half of the body, and the connection ends."""
    head = f"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {len(BODY)}\r\n\r\n"
    return head.encode() + BODY[:20_000]


def rest(start: int = 20_000) -> bytes:
    return reply(BODY[start:], 206, f"Content-Range: bytes {start}-{len(BODY) - 1}/{len(BODY)}")


HALF = rest()[:10_100]
HALFWAY = 20_000 + len(HALF.partition(b"\r\n\r\n")[2])
RESUMED: dict[str, tuple[list[Answer], list[str]]] = {
    "goes on": ([broken('"v1"'), rest()], ["", "bytes=20000-"]),
    "changed on the other side": ([broken('"v1"'), reply(BODY, 200, 'ETag: "v2"')], ["", "bytes=20000-"]),
    "other place than asked": ([broken('"v1"'), rest(10_000), reply(BODY)], ["", "bytes=20000-", ""]),
    "out of range": ([broken('"v1"'), reply(b"", 416), reply(BODY)], ["", "bytes=20000-", ""]),
    "weak tag": ([broken('W/"v1"'), reply(BODY)], ["", ""]),
    "tag that smuggles": ([broken('"v1"\r\n X: y'), reply(BODY)], ["", ""]),
    "breaks twice": (
        [broken('"v1"'), HALF, rest(HALFWAY)],
        ["", "bytes=20000-", f"bytes={HALFWAY}-"],
    ),
}


@pytest.mark.parametrize(("answers", "ranges"), RESUMED.values(), ids=RESUMED.keys())
def test_a_broken_transfer_goes_on(answers: list[Answer], ranges: list[str], server: Server, tmp_path: Path) -> None:
    server.on("/a", *answers)
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["state"] == "fetched"
    assert (tmp_path / str(row["file"])).read_bytes() == BODY
    asked = [one for one in server.asked if one.target == "/a"]
    assert [one.headers.get("range", "") for one in asked] == ranges
    assert [one.headers.get("if-range", "") for one in asked] == ['"v1"' if one else "" for one in ranges]
    assert not (tmp_path / ".parts").exists()


def test_the_next_run_goes_on_where_this_one_ended(server: Server, tmp_path: Path) -> None:
    server.on("/a", broken('"v1"'), lambda c: c.close())
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert (row["reason"], row["file"]) == ("INCOMPLETE", "")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "data")]) == USAGE  # what is not whole is no document
    assert not (tmp_path / "data" / "CURRENT").exists()
    server.on("/a", rest())
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert (tmp_path / str(row["file"])).read_bytes() == BODY
    assert server.asked[-1].headers["range"] == "bytes=20000-"


def test_a_name_that_changes_its_meaning_does_not_help(server: Server, tmp_path: Path) -> None:
    """The address is looked up once a request, checked, and the connection goes to it."""
    places: list[list[Place]] = [
        [(socket.AF_INET, ("127.0.0.1", server.port))],
        [(socket.AF_INET, ("127.0.0.1", server.port))],
        [(socket.AF_INET, ("127.0.0.1", server.port)), (socket.AF_INET, ("192.168.0.1", 80))],
        [(socket.AF_INET6, ("::ffff:127.0.0.1", 80, 0, 0))],
    ]
    looked = list[str]()

    def resolve(host: str, _: int) -> list[Place]:
        looked.append(host)
        return places[len(looked) - 1]

    for path in ("/a", "/b", "/c"):
        server.on(path, reply(BODY))
    wire = Wire(SMALL, server.clock, loopback_only, resolve)
    wanted = [Wanted(f"http://one.example{path}") for path in ("/a", "/b", "/c")]
    rows = fetch(wanted, tmp_path, wire, Pace(server.clock), server.clock)
    assert [row["reason"] for row in rows] == ["", "PRIVATE_ADDRESS", "PRIVATE_ADDRESS"]
    assert len(looked) == 4
    assert server.paths() == ["/a"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0"],  # noqa: S104
)
def test_this_machine_is_never_asked(host: str, server: Server, tmp_path: Path) -> None:
    """By default, that is: with the system's resolver and the rule that the command line has."""
    server.on("/a", reply(BODY))
    clock = FakeClock()
    (row,) = fetch([Wanted(f"http://{host}:{server.port}/a")], tmp_path, None, None, clock)
    assert row["reason"] in ("PRIVATE_ADDRESS", "NO_HOST")
    assert server.asked == []


def test_an_unknown_host_and_a_closed_port(server: Server, tmp_path: Path) -> None:
    def resolve(host: str, port: int) -> list[Place]:
        if host == "unknown.example":
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, ("127.0.0.1", 1))]

    wire = Wire(SMALL, server.clock, loopback_only, resolve)
    wanted = [Wanted("http://unknown.example/a"), Wanted("http://closed.example/a")]
    rows = fetch(wanted, tmp_path, wire, Pace(server.clock), server.clock)
    assert [row["reason"] for row in rows] == ["NO_HOST", "UNREACHABLE"]


def test_plain_http_where_tls_is_due(server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(BODY))
    (row,) = run(server, tmp_path, "https://one.example/a", limits=Limits(read=2.0))
    assert row["reason"] == "TLS"


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl on PATH to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=one.example", "-days", "1"]
    subprocess.run([openssl, *made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving() as server:
        plain = server.answer

        def secure(connection: socket.socket) -> None:
            try:
                plain(context.wrap_socket(connection, server_side=True))
            except OSError:
                connection.close()

        server.answer = secure  # type: ignore[method-assign]
        (row,) = run(server, tmp_path / "out", "https://one.example/a", limits=Limits(read=5.0))
        assert row["reason"] == "TLS"
        assert server.asked == []
