"""The rules of a download, each by itself: which hosts, which addresses, what a site allows, how a list is read."""

import ast
import random
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest

from codebook.terms import values
from loaders.errors import BadIndex, NotFetched
from loaders.fetch import listing, robots
from loaders.fetch.addresses import address_of, is_public
from loaders.fetch.pace import retry_after
from loaders.fetch.urls import joined, parse

FETCH = Path(__file__).resolve().parent.parent / "loaders" / "fetch"


# fmt: off
OTHERS = (
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254",  # noqa: S104
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1",
    "fd00::1", "fe80::1", "fec0::1", "ff02::1", "febf::1%eth0",
)
# fmt: on


@pytest.mark.parametrize("address", OTHERS)
def test_other_networks_are_not_asked(address: str) -> None:
    assert not is_public(address_of(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "114.114.114.114", "172.32.0.1", "192.0.1.1", "2400:3200::1", "2606::1"]
)
def test_the_public_internet_is_asked(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://www.example.gov.cn", "http://www.example.gov.cn/"),
        (" HTTPS://WWW.Example.GOV.cn.:443/a#top ", "https://www.example.gov.cn/a"),
        (
            "http://e.cn:8080/公开/年报.html?年=2019&x=%E5",
            "http://e.cn:8080/%E5%85%AC%E5%BC%80/%E5%B9%B4%E6%8A%A5.html?%E5%B9%B4=2019&x=%E5",
        ),
        ("http://政府.cn/", "http://xn--mxtq1m.cn/"),
        ("http://[2400:3200:0::1]:81/", "http://[2400:3200::1]:81/"),
        ("http://e.cn/a\\b c", "http://e.cn/a%5Cb%20c"),
        ("http://e.cn?x", "http://e.cn/?x"),
    ],
)
def test_an_address_is_written_anew(text: str, written: str) -> None:
    assert str(parse(text)) == written
    assert str(parse(written)) == written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "BAD_URL"),
        ("www.example.gov.cn/a", "SCHEME"),
        ("file:///etc/passwd", "SCHEME"),
        ("javascript:alert(1)", "SCHEME"),
        ("ftp://e.cn/", "SCHEME"),
        ("http://", "BAD_URL"),
        ("http:///a", "BAD_URL"),
        ("http://user@e.cn/", "BAD_URL"),
        ("http://:pw@e.cn/", "BAD_URL"),
        ("http://e.cn:0/", "BAD_URL"),
        ("http://e.cn:99999/", "BAD_URL"),
        ("http://e.cn:x/", "BAD_URL"),
        ("http://a b.cn/", "BAD_URL"),
        ("http://e.cn\\@other.cn/", "BAD_URL"),
        ("http://e.cn/\r\nHost: other", "BAD_URL"),
        ("http://[::1", "BAD_URL"),
        ("http://[fe80::1%25eth0]/", "BAD_URL"),
        ("http://" + "a" * 70 + ".cn/", "BAD_URL"),
        ("http://e.cn/" + "a" * 5000, "BAD_URL"),
        ("http://-e.cn/", "BAD_URL"),
    ],
)
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotFetched) as error:
        parse(text)
    assert error.value.reason == reason


def test_redirects_are_joined() -> None:
    base = parse("http://e.cn/a/b.html")
    assert str(joined(base, "../c?d")) == "http://e.cn/c?d"
    assert str(joined(base, "//f.cn/g")) == "http://f.cn/g"
    assert str(joined(base, "/%e5 x")) == "http://e.cn/%e5%20x"
    with pytest.raises(NotFetched):
        joined(base, "http://[x/")


RULES = """
# a comment
User-agent: other
Disallow: /

User-agent: *
User-agent: OGI-Reports/2.0
Disallow: /private/   # behind a rule
Disallow: /*.doc$
Disallow: /search*page=
Allow: /private/open
Disallow: /%E5%85%AC
Disallow:
Sitemap: http://e.cn/sitemap.xml
Crawl-delay: 2.5
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),
        ("/private", True),
        ("/private/", False),
        ("/private/x", False),
        ("/private/open.html", True),
        ("/a/b.doc", False),
        ("/a/b.docx", True),
        ("/a/b.doc?x", True),
        ("/search?x=1&page=2", False),
        ("/search?x=1", True),
        ("/公", False),
        ("/%e5%85%ac", False),
        ("/%E5%86%85", True),
    ],
)
def test_rules_of_a_site(target: str, allowed: bool) -> None:
    rules = robots.parse(RULES)
    assert rules.allows(target) is allowed
    assert rules.delay == 2.5


@pytest.mark.parametrize(
    "text", ["", "<html>not found</html>", "Disallow: /", "User-agent: *\nDisallow:", "\x00\xff: :"]
)
def test_a_site_without_rules_for_us(text: str) -> None:
    assert robots.parse(text).allows("/anything")


def test_plain_rules_mean_what_the_standard_library_takes_them_for() -> None:
    """For groups and paths without * and $, and where no two rules fit, both read a file the same way."""
    chance = random.Random(5)  # noqa: S311
    for _ in range(300):
        lines = []
        for agent in chance.sample(["*", "ogi-reports", "other"], chance.randint(1, 3)):
            paths = chance.sample(["/a/", "/b", "/c/d", "/e"], chance.randint(1, 3))
            lines += [
                f"User-agent: {agent}",
                *(f"{chance.choice(['Allow', 'Disallow'])}: {path}" for path in paths),
                "",
            ]
        ours, theirs = robots.parse("\n".join(lines)), RobotFileParser()
        theirs.parse(lines)
        for target in ("/", "/a", "/a/x", "/bcd", "/c/d", "/e?f"):
            assert ours.allows(target) == theirs.can_fetch("ogi-reports", target), (lines, target)


def test_a_hostile_pattern_costs_little() -> None:
    """Many stars over a long path: an answer comes, and it comes from the rule."""
    rules = robots.parse("User-agent: *\nDisallow: /" + "*a" * 40 + "$")
    assert rules.allows("/" + "a" * 3000 + "b")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 5 ", 5.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("x", 0.0),
        ("", 0.0),
        ("Wed, 25 Nov 2026 00:01:00 GMT", 60.0),
    ],
)
def test_retry_after(value: str, seconds: float) -> None:
    assert retry_after(value, datetime(2026, 11, 25, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("column", ["url", "URL", "source_url", "网址"])
def test_a_list_is_read(column: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "urls.csv"
    text = f"标题,{column}\n甲县政府信息公开工作年度报告,http://e.cn/1\n,\n乙,http://e.cn/1\n丙,\n"
    path.write_bytes(text.encode(encoding))
    one, none = listing.read(path)
    assert (one.url, one.named(("标题",)), one.others()) == ("http://e.cn/1", "甲县政府信息公开工作年度报告", {})
    assert none.url == ""


@pytest.mark.parametrize("content", [b"", b"title\nx\n", b"http://e.cn/1\n", b"url\n\x00\n"])
def test_a_list_without_addresses_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "urls.csv"
    path.write_bytes(content)
    with pytest.raises(BadIndex):
        listing.read(path)


def test_every_reason_has_words() -> None:
    """What a failed row says is told in both languages; statuses go by their number."""
    calls = [
        node.args[0]
        for path in FETCH.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotFetched"
    ]
    codes = {text.value for call in calls for text in ast.walk(call) if isinstance(text, ast.Constant) and text.value}
    reasons = {code for code in codes if isinstance(code, str) and not code.startswith("HTTP_")} | {
        "ROBOTS_UNREACHABLE"
    }
    assert len(reasons) > 20
    assert reasons == {value for field, value in values() if field == "fetch"}
