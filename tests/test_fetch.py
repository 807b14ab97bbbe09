"""Downloads keep to the rules whatever a server does: every failure has its reason, and the run goes on."""

import csv
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from loaders import publish
from loaders.__main__ import main
from loaders.errors import BadIndex
from loaders.fetch.listing import Wanted
from loaders.fetch.pace import Pace
from loaders.fetch.run import AGENT, Row, counts, fetch
from loaders.fetch.wire import Limits, Wire
from loaders.identity.told import Told
from loaders.intake import inputs
from loaders.intake.sources import find
from tests.misbehaving import (
    BODY,
    SMALL,
    Answer,
    FakeClock,
    Server,
    endless,
    loopback_only,
    moved,
    reply,
    run,
    serving,
    silent,
)

REPORT = next((Path(__file__).parent.parent / "data" / "reports").glob("000_*.txt")).read_bytes()
PAGE = b"<!DOCTYPE html><html><body>404</body></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def note(folder: Path, row: Row) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / f"{row['file']}.json").read_text(encoding="utf-8"))
    return found


def test_what_comes_is_kept_as_it_came_and_built(server: Server, tmp_path: Path) -> None:
    server.on("/a%20b.html?x=1", reply(REPORT, 200, "Content-Type: text/plain", 'ETag: "1"', "Set-Cookie: a=b"))
    wire = Wire(SMALL, server.clock, loopback_only, server.resolve)
    told = {
        "标题": "列表里的标题",
        "Published": "2020-02-01",
        "机关": "甲县乙街道办事处",
        "年度": "2018",
        "content": "x",
    }
    url = "http://www.example.gov.cn/a b.html?x=1#top"
    rows = [fetch([Wanted(url, told)], tmp_path, wire, Pace(server.clock), server.clock)[0] for _ in range(2)]
    assert [row["state"] for row in rows] == ["fetched", "there"]
    assert [one.target for one in server.asked] == ["/robots.txt", "/a%20b.html?x=1"]
    row = rows[1]
    assert (tmp_path / str(row["file"])).read_bytes() == REPORT
    kept = note(tmp_path, row)
    assert kept["url"] == url
    assert kept["final_url"] == "http://www.example.gov.cn/a%20b.html?x=1"
    assert kept["fetched_at"] == "2026-11-25T08:00:00Z"
    assert ["Set-Cookie", "a=b"] in kept["headers"]  # type: ignore[operator]
    with (tmp_path / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["file"], line["source_url"], line["title"], line["content"]) == (row["file"], url, "列表里的标题", "x")
    assert (line["date"], line["agency"], line["report_year"]) == ("2020-02-01", "甲县乙街道办事处", "2018")
    assert main(["build", str(tmp_path), "--out", str(tmp_path / "data")]) == 0
    version = publish.current(tmp_path / "data")
    (report,) = pq.read_table(version / "reports.parquet").to_pylist()
    assert report["source_url"] == url
    (item,) = inputs.documents(find([tmp_path / str(row["file"]), tmp_path / f"{row['file']}.json"]))
    assert item.told == Told("列表里的标题", "甲县乙街道办事处", "", 2018, "2020-02-01")  # type: ignore[union-attr]
    assert pq.read_table(version / "quarantine.parquet").num_rows == 0


def test_requests_are_honest_and_carry_nothing(server: Server, tmp_path: Path) -> None:
    server.on("/a", moved("/b"))
    server.on("/b", reply(BODY, 200, "Set-Cookie: session=1"))
    run(server, tmp_path, "http://one.example/a")
    for asked in server.asked:
        assert set(asked.headers) == {"host", "connection", "user-agent", "accept", "accept-encoding"}
        assert asked.headers["user-agent"] == AGENT
        assert asked.headers["host"] == "one.example"
    assert "ogi-reports" in AGENT


def test_one_request_a_second_a_host(server: Server, tmp_path: Path) -> None:
    for path in ("/a", "/b", "/c"):
        server.on(path, reply(BODY))
    run(server, tmp_path, *(f"http://{host}.example{path}" for path in ("/a", "/b", "/c") for host in ("one", "two")))
    times = {host: [one.time for one in server.asked if one.host == f"{host}.example"] for host in ("one", "two")}
    assert times == {"one": [0.0, 1.0, 2.0, 3.0], "two": [1.0, 2.0, 3.0, 4.0]}  # the one waits while the other is asked


def test_a_site_may_ask_for_a_longer_pause(server: Server, tmp_path: Path) -> None:
    server.on("/robots.txt", reply(b"User-agent: *\nCrawl-delay: 5"), reply(b"User-agent: *\nCrawl-delay: 86400"))
    server.on("/a", reply(BODY))
    server.on("/b", reply(BODY))
    rows = run(server, tmp_path, "http://one.example/a", "http://one.example/b", "http://two.example/a")
    assert [asked.time for asked in server.asked if asked.host == "one.example"] == [0.0, 1.0, 6.0]
    assert [row["reason"] for row in rows] == ["", "", "CRAWL_DELAY"]


ROBOTS: dict[str, tuple[list[Answer], str]] = {
    "no rules": ([reply(b"", 404)], ""),
    "gone": ([reply(b"", 410)], ""),
    "a page instead": ([reply(PAGE)], ""),
    "disallow": ([reply(b"User-agent: *\nDisallow: /a")], "ROBOTS"),
    "disallow us": ([reply(b"User-agent: *\nDisallow:\n\nUser-agent: OGI-Reports\nDisallow: /")], "ROBOTS"),
    "allow us": ([reply(b"User-agent: *\nDisallow: /\n\nUser-agent: ogi-reports\nAllow: /")], ""),
    "forbidden": ([reply(b"", 403)], "ROBOTS"),
    "needs a name": ([reply(b"", 401)], "ROBOTS"),
    "behind a redirect": ([moved("http://other.example/rules")], "ROBOTS"),
    "failing": ([reply(b"", 500)], "ROBOTS_UNREACHABLE"),
    "failing once": ([reply(b"", 503), reply(b"User-agent: *\nAllow: /")], ""),
    "in a circle": ([moved("/robots.txt")], "ROBOTS_UNREACHABLE"),
    "redirect inside": ([moved("http://10.0.0.1/robots.txt")], "PRIVATE_ADDRESS"),
    "endless": ([endless(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /a\n", b"#" * 70_000)], "ROBOTS"),
}


@pytest.mark.parametrize(("answers", "reason"), ROBOTS.values(), ids=ROBOTS.keys())
def test_robots_txt_decides(answers: list[Answer], reason: str, server: Server, tmp_path: Path) -> None:
    server.on("/robots.txt", *answers)
    server.on("/rules", reply(b"User-agent: *\nDisallow: /a"))
    server.on("/a", reply(BODY))
    limits = Limits(largest=10_000_000, read=2.0)
    rows = run(server, tmp_path, "http://one.example/a", "http://one.example/a?again", limits=limits)
    assert rows[0]["reason"] == reason
    assert ("/a" in server.paths()) is (reason == "")
    assert reason == "" or rows[1]["reason"] == reason


def gzipped(content: bytes) -> bytes:
    return reply(gzip.compress(content, mtime=0), 200, "Content-Encoding: gzip")


FAILURES: dict[str, tuple[Answer, str, int]] = {
    "says nothing": (silent, "TIMEOUT", 4),
    "hangs up": (b"", "INCOMPLETE", 4),
    "no HTTP": (b"220 smtp.example ESMTP\r\n", "BAD_RESPONSE", 1),
    "endless body": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000), "TOO_LARGE", 1),
    "endless chunks": (
        endless(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"a\r\n0123456789\r\n"), "TOO_LARGE", 1,
    ),
    "says it is too long": (b"HTTP/1.1 200 OK\r\nContent-Length: 100001\r\n\r\n", "TOO_LARGE", 1),
    "shorter than it says": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "INCOMPLETE", 4),
    "length is no number": (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nbody", "BAD_RESPONSE", 1),
    "length below zero": (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nbody", "BAD_RESPONSE", 1),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!", "BAD_RESPONSE", 1),
    "chunk without an end": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "INCOMPLETE", 4,
    ),
    "chunk of no size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "INCOMPLETE", 4),
    "packed on the way": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "BAD_RESPONSE", 1),
    "not found": (reply(PAGE, 404), "HTTP_404", 1),
    "gone": (reply(PAGE, 410), "HTTP_410", 1),
    "broken": (reply(PAGE, 500), "HTTP_500", 4),
    "part that nobody asked for": (reply(BODY, 206, "Content-Range: bytes 0-9/99"), "HTTP_206", 1),
    "nothing in it": (reply(b""), "EMPTY", 1),
    "an error as a page": (reply(PAGE, 200, "Content-Type: application/pdf"), "HTML_INSTEAD", 1),
    "bomb": (gzipped(b"\0" * 10_000_000), "ZIP_BOMB", 1),
    "cut packing": (reply(gzip.compress(BODY)[:-9], 200, "Content-Encoding: gzip"), "ENCODING", 1),
    "something behind the packing": (reply(gzip.compress(BODY) + b"x", 200, "Content-Encoding: gzip"), "ENCODING", 1),
    "unknown packing": (reply(BODY, 200, "Content-Encoding: br"), "ENCODING", 1),
    "a header without end": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", "HUGE_HEADERS", 1),
    "200 headers": (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "HUGE_HEADERS", 1),
    "headers for ever": (endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 60_000 + b"\r\n"), "HUGE_HEADERS", 1),
    "continue for ever": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "HUGE_HEADERS", 1),
    "redirect to itself": (moved("/a.pdf"), "REDIRECT_LOOP", 1),
    "redirect to nowhere": (reply(b"", 302), "NO_LOCATION", 1),
    "redirect to a file": (moved("file:///etc/passwd"), "SCHEME", 1),
    "redirect to ftp": (moved("ftp://one.example/a"), "SCHEME", 1),
    "redirect with a password": (moved("http://user:secret@one.example/"), "BAD_URL", 1),
    "redirect to the machine": (moved("http://127.0.0.5/"), "PRIVATE_ADDRESS", 1),
    "redirect to its metadata": (moved("http://169.254.169.254/latest/meta-data/"), "PRIVATE_ADDRESS", 1),
    "redirect inside": (moved("https://10.0.0.1/"), "PRIVATE_ADDRESS", 1),
    "unknown status": (reply(BODY, 299), "HTTP_299", 1),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "reason", "tries"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_has_its_reason_and_the_run_goes_on(
    answer: Answer, reason: str, tries: int, server: Server, tmp_path: Path
) -> None:
    server.on("/a.pdf", answer)
    server.on("/good", reply(BODY))
    bad, good = run(server, tmp_path, "http://one.example/a.pdf", "http://one.example/good")
    assert (bad["reason"], bad["state"], bad["file"]) == (reason, "failed", "")
    assert good["state"] == "fetched"
    assert server.paths() == ["/a.pdf"] * tries + ["/good"]
    assert {path.name for path in tmp_path.iterdir()} == {str(good["file"]), f"{good['file']}.json", "index.csv"}


def test_a_slow_drip_ends(server: Server, tmp_path: Path) -> None:
    """A byte now and then never times out by itself; by this clock each look takes a second."""
    server.clock = FakeClock(tick=1.0)
    server.on("/a", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x"))
    server.on("/b", endless(b"", b"H"))
    rows = run(server, tmp_path, "http://one.example/a", "http://one.example/b", limits=Limits(read=5.0, total=20.0))
    assert rows[0]["reason"] == "TOO_SLOW"
    assert rows[1]["reason"] in ("TOO_SLOW", "BAD_RESPONSE", "HUGE_HEADERS")


def test_many_redirects_end(server: Server, tmp_path: Path) -> None:
    for number in range(20):
        server.on(f"/{number}", moved(f"http://h{number}.example/{number + 1}"))
    (row,) = run(server, tmp_path, "http://one.example/0")
    assert row["reason"] == "REDIRECTS"
    assert server.paths() == [f"/{number}" for number in range(6)]


def test_redirects_are_followed_under_the_rules_of_each_site(server: Server, tmp_path: Path) -> None:
    server.on("/robots.txt", reply(b"", 404), reply(b"User-agent: *\nDisallow: /closed"))
    server.on("/a", moved("//two.example/b", 301))
    server.on("/b", moved("closed", 307))
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["reason"] == "ROBOTS"
    assert server.paths() == ["/a", "/b"]


@pytest.mark.parametrize(
    ("value", "slept"),
    [
        ("7", 7.0),
        ("Wed, 25 Nov 2026 08:00:30 GMT", 30.0),
        ("Wed, 25 Nov 2020 08:00:30 GMT", 2.0),
        ("soon", 2.0),
        ("", 2.0),
    ],
)
def test_retry_after_is_waited_for(value: str, slept: float, server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(b"", 429, f"Retry-After: {value}"), reply(BODY))
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["state"] == "fetched"
    assert server.clock.slept == [1.0, slept]


def test_pauses_grow(server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(b"", 503))
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["reason"] == "HTTP_503"
    assert server.clock.slept == [1.0, 2.0, 4.0, 8.0]


def test_a_host_that_asks_for_hours_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(b"", 503, "Retry-After: 7200"))
    server.on("/b", reply(BODY))
    rows = run(server, tmp_path, "http://one.example/a", "http://one.example/b", "http://two.example/b")
    assert [row["reason"] for row in rows] == ["RETRY_LATER", "RETRY_LATER", ""]
    assert server.paths() == ["/a", "/b"]
    assert counts(rows) == {"RETRY_LATER": 2, "fetched": 1}


@pytest.mark.parametrize("damage", ["document", "note"])
def test_a_document_that_was_changed_is_fetched_again(damage: str, server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(BODY))
    (row,) = run(server, tmp_path, "http://one.example/a")
    (tmp_path / (str(row["file"]) + (".json" if damage == "note" else ""))).write_bytes(b"{}")
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["state"] == "fetched"
    assert (tmp_path / str(row["file"])).read_bytes() == BODY


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_packed_answer_is_unpacked_and_told(pack: Callable[[bytes], bytes], server: Server, tmp_path: Path) -> None:
    name = "gzip" if pack is gzip.compress else "deflate"
    server.on("/a.pdf", reply(pack(BODY), 200, f"Content-Encoding: {name}"))
    (row,) = run(server, tmp_path, "http://one.example/a.pdf")
    assert (tmp_path / str(row["file"])).read_bytes() == BODY
    assert str(row["file"]).endswith(".pdf")
    assert note(tmp_path, row)["content_encoding"] == name


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/公开".encode().decode("latin-1"), "/%E5%85%AC%E5%BC%80"),
        ("/公开".encode("gb18030").decode("latin-1"), "/%B9%AB%BF%AA"),
        ("/a b", "/a%20b"),
    ],
)
def test_headers_in_any_encoding(location: str, target: str, server: Server, tmp_path: Path) -> None:
    server.on("/a", moved(location))
    server.on(target, reply(BODY, 200, "X-Name: " + "公开".encode("gb18030").decode("latin-1")))
    (row,) = run(server, tmp_path, "http://one.example/a")
    assert row["state"] == "fetched"
    assert ["X-Name", "公开".encode("gb18030").decode("latin-1")] in note(tmp_path, row)["headers"]  # type: ignore[operator]


def test_a_host_that_fails_again_and_again_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.on("/a", reply(b"", 500))
    server.on("/b", reply(BODY))
    urls = [f"http://one.example/{path}" for path in ("a", "a?2", "b", "a?3", "a?4", "a?5", "b?2", "b?3")]
    for target in ("/a?2", "/a?3", "/a?4", "/a?5"):
        server.on(target, reply(b"", 500))
    rows = run(server, tmp_path, *urls, "http://two.example/b")
    assert [row["reason"] for row in rows] == ["HTTP_500"] * 2 + [""] + ["HTTP_500"] * 3 + ["HOST_FAILING"] * 2 + [""]
    assert len(server.paths()) == 5 * 4 + 2


def test_earlier_rows_stay_in_the_index(server: Server, tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_text("file,source_url,synthetic\nmine.txt,,yes\n", encoding="utf-8")
    server.on("/a", reply(BODY))
    server.on("/b", reply(BODY[1:]))
    run(server, tmp_path, "http://one.example/a")
    run(server, tmp_path, "http://one.example/b", "http://one.example/none")
    with (tmp_path / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["source_url"]: row for row in csv.DictReader(file)}
    assert [row["state"] for row in rows.values()] == ["", "fetched", "fetched", "failed"]
    assert rows[""]["synthetic"] == "yes"
    assert rows["http://one.example/none"]["reason"] == "HTTP_404"


def test_an_index_that_cannot_be_read_stops_before_anything_is_asked(server: Server, tmp_path: Path) -> None:
    (tmp_path / "index.csv").write_bytes(b"file,source_url\n\xff\xfe,x\n")
    with pytest.raises(BadIndex):
        run(server, tmp_path, "http://one.example/a")
    assert server.asked == []


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    urls, out = tmp_path / "urls.csv", tmp_path / "out"
    go = partial(main, ["fetch", str(urls), "--out", str(out)])
    assert go() == 2
    urls.write_text("title\nx\n", encoding="utf-8")
    assert go() == 2
    urls.write_text("url\n", encoding="utf-8")
    assert go() == 0
    urls.write_text("url\nhttp://127.0.0.1/a\nfile:///etc/passwd\n", encoding="utf-8")
    assert go() == 1
    said = capsys.readouterr().out
    assert "PRIVATE_ADDRESS 1，SCHEME 1" in said
    with pytest.raises(SystemExit):
        main(["fetch", str(urls), "--out", str(out), "--interval", "0.1"])
