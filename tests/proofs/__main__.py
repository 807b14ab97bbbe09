"""Try every promise at length and write docs/trust.md: python -m tests.proofs [NAME…] [--share 1.0].

`--share` of the usual number of times; what a run does not try keeps its line. Exits with 1 where a promise broke.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.proofs import files, publishing, visits
from tests.proofs.proof import Proof

ROOT = Path(__file__).resolve().parents[2]
PAGE, KEPT = ROOT / "docs" / "trust.md", Path(__file__).with_name("last.json")
PROOFS: dict[str, Proof] = {
    "killed": Proof(
        "发布途中任何时刻被强行终止，上一个版本完好，残留在下次启动时清除",
        "Killed at any moment of publishing, the last version is whole; leftovers are swept at the next start",
        ("test_publish.py", "test_store.py"),
        1000,
        publishing.killed,
    ),
    "no room": Proof(
        "磁盘满、读写错误、只读：旧数据不动，退出状态不为零，说明原因",
        "No room, an input/output error, a read-only disk: old data intact, exit not zero, a reason",
        ("test_publish.py",),
        100,
        publishing.no_room,
    ),
    "loads": Proof(
        "一边发布一边读取：从不混用两个版本，读者不会崩溃",
        "Loads against publishes: versions are never mixed, no reader crashes",
        ("test_publish.py", "test_damage.py"),
        20_000,
        publishing.loads,
    ),
    "altered": Proof(
        "发布后被改动的文件在使用前发现，改为显示最近一个完好的版本",
        "A published file that was altered is found out before use; the last whole version is shown",
        ("test_damage.py",),
        10_000,
        files.mutated,
    ),
    "same bytes": Proof(
        "换次序、语言环境、时区、散列种子、进程数重建，字节相同",
        "Rebuilt in another order, locale, time zone, hash seed and number of workers: the same bytes",
        ("test_publish.py", "test_cluster.py"),
        36,
        files.same_bytes,
    ),
    "damaged": Proof(
        "途中损坏的报告：每一格或正确、或存疑、或不采用，从不悄悄读错",
        "Reports damaged on their way: each cell is right, doubted or refused, never silently wrong",
        ("test_mutations.py", "test_matrix.py"),
        100_000,
        files.damaged,
    ),
    "soak": Proof(
        "许多读者浏览、每分钟发布一次：没有错误，一页只有一个版本，内存平稳",
        "Many readers while a version is published each minute: no error, one version a page, steady memory",
        ("test_proofs.py", "test_serving.py"),
        1800,
        visits.soaked,
    ),
}
# Promises whose only form is the one that runs with the tests.
ALWAYS = {
    "test_asking.py": ("看板的数据库连接只能提问", "The dashboard's database connection can only ask"),
    "test_payloads.py": ("文字、文件名、地址参数里的脚本从不执行", "Script in texts, names and addresses never runs"),
    "test_uploads.py": ("上传有上限，只有本人可见，结束即删", "Uploads are bounded, private and deleted at the end"),
    "test_serving.py": (
        "页面之前：安全响应头、统计口关闭、日志不含会话号、断线二十次筛选不丢",
        "Before the pages: security headers, metrics closed, no session in a log, twenty broken connections keep filters",
    ),
    "test_patterns.py": ("正则表达式随长度线性增长", "Regular expressions grow with the length of a text and no more"),
    "test_offline.py": ("读报告、看页面都不连任何网络", "Reading reports and showing pages asks nobody on any network"),
    "test_privacy.py": (
        "电话、邮箱、人名不进任何文件和日志",
        "Phone numbers, mail addresses and names of officials reach no file and no log",
    ),
    "test_licences.py": ("依赖的许可证不会约束本产品", "No dependency's licence binds the product"),
    "test_hostile.py": ("恶意文件有上限、有原因", "Hostile files are bounded and refused with a reason"),
    "test_cluster.py": ("集群里一台机器死掉，结果不变", "A worker of a cluster that dies changes nothing"),
    "test_project.py": ("代码里没有 eval、pickle、拼接的 SQL", "No eval, pickle or composed SQL in the code"),
}


def main(arguments: list[str]) -> int:
    """Run the proofs and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("names", nargs="*", help=" · ".join(PROOFS))
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of times")
    given = parser.parse_args(arguments)
    known: dict[str, dict[str, object]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    broken = 0
    for name in given.names or PROOFS:
        started = time.monotonic()
        tried = PROOFS[name].run(max(1, round(PROOFS[name].usual * given.share)))
        broken += len(tried.broken)
        seconds = round(time.monotonic() - started)
        day = datetime.now(UTC).date().isoformat()
        known[name] = {
            "times": tried.times,
            "broken": len(tried.broken),
            "told": tried.told,
            "day": day,
            "seconds": seconds,
        }
        print(f"{name:12} {tried.times:8,} times, {len(tried.broken)} broken, {seconds} s", flush=True)
        print(*tried.broken[:20], sep="\n")
    KEPT.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    PAGE.write_text(page(known), encoding="utf-8")
    return int(bool(broken))


def page(known: dict[str, dict[str, object]]) -> str:
    """docs/trust.md from what the last runs told."""
    lines = [
        "# 可信 · Trust",
        "<!-- written by `python dev.py prove` -->",
        "",
        "每项承诺怎样试过、试了多少次、结果如何。测试每次都跑短的一种，`python dev.py prove` 跑长的一种。",
        "How each promise was tried, how often, and what came out. Tests run the short form, `python dev.py prove` the long one.",
        "",
        "| 承诺 · promise | 次数 · tried | 违反 · broken | 怎样 · how | 日期 · day | 测试 · tests |",
        "|---|---|---|---|---|---|",
    ]
    for name, proof in PROOFS.items():
        tests = ", ".join(f"[{test}](../tests/{test})" for test in proof.tests)
        told = known.get(name)
        cells = (
            (f"{told['times']:,}", str(told["broken"]), str(told["told"]), str(told["day"]))
            if told
            else ("", "", "", "")
        )
        lines.append("| " + " | ".join((f"{proof.zh}<br>{proof.en}", *cells, tests)) + " |")
    for test, (zh, en) in ALWAYS.items():
        lines.append(f"| {zh}<br>{en} | | | 每次测试 · with every run of the tests | | [{test}](../tests/{test}) |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
