"""What the tests of the desk stand on: a made document with things to decide, and a visitor who decides them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from streamlit.testing.v1 import AppTest

from codebook import deciding
from codebook.decisions import Alias
from loaders.__main__ import DONE, main

ROOT = Path(__file__).resolve().parent.parent
TABLE, NEAR = "proactive.20_6", "行政处罚措施"
ODD = "强制<b>执行</b>**$x$"  # a label that no form has, with marks that mean something elsewhere


class Place:
    """A document, its data and its decisions; `build` reads the document anew."""

    def __init__(self, folder: Path) -> None:
        self.document, self.out, self.kept = folder / "合成.txt", folder / "out", folder / "decisions"
        text = (ROOT / "data" / "reports" / "004_402b3c2303c427b2.txt").read_text(encoding="utf-8")
        # Two labels in words that no form knows, and a header that is read by its place, with a doubt.
        text = text.replace("行政处罚", NEAR).replace("对外公开总数量", "公开情况一览")
        self.document.write_text(text, encoding="utf-8")

    def build(self, *kept: Path) -> dict[str, list[dict[str, Any]]]:
        paths = kept or ((self.kept,) if self.kept.exists() else ())
        options = [option for path in paths for option in ("--decisions", str(path))]
        arguments = [str(self.document), "--out", str(self.out), "--workers", "1", "--synthetic", *options]
        assert main(["build", *arguments]) == DONE
        version = self.out / (self.out / "CURRENT").read_text(encoding="utf-8").strip()
        return {path.stem: pq.read_table(path).to_pylist() for path in version.glob("*.parquet")}


def visit(page: str, **params: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in params.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{page}.py").run()
    assert [error.value for error in app.exception] == []
    return app


def keyed(app: AppTest, kind: str, end: str) -> Any:
    """The first element of a kind whose key ends so."""
    return next(one for one in app.get(kind) if one.key and one.key.endswith(end))


def choices(app: AppTest) -> str:
    """What the segmented controls of the page offer."""
    return str([getattr(one, "options", "") for one in app.get("button_group")])


def sign(app: AppTest, form: str, author: str, reason: str, button: str) -> AppTest:
    """Type who and why into a form, and send it."""
    at = next(one.key for one in app.text_input if one.key and one.key.startswith(form) and one.key.endswith(".author"))
    app.text_input(key=at).set_value(author)
    app.text_area(key=at.removesuffix("author") + "reason").set_value(reason)
    next(one for one in app.button if one.label == button).click()
    app.run()
    assert [error.value for error in app.exception] == []
    return app


def said(app: AppTest) -> str:
    return "\n".join(
        str(one.value) for kind in (app.success, app.warning, app.info, app.error, app.caption) for one in kind
    )


def set_as_markdown(app: AppTest) -> str:
    """All that the page sets as Markdown or HTML of its own."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning, app.success, app.error)
    told = [str(one.value) for kind in kinds for one in kind]
    told += [str(one.label) for kind in (app.radio, app.button, app.text_input, app.expander) for one in kind]
    return "\n".join(told) + "".join(str(one.proto.captions) for one in app.radio)


def label(tables: dict[str, list[dict[str, Any]]], raw: str) -> dict[str, Any]:
    return next(row for row in tables["labels"] if row["label_raw"] == raw and row["scope"] == TABLE)


def decide_label(app: AppTest, raw: str, action: str, key: str = "") -> AppTest:
    chooser = app.selectbox(key="labels.id")
    wanted = next(n for n, text in enumerate(chooser.options) if text.startswith(raw))
    chooser.select_index(wanted).run()
    keyed(app, "radio", ".action").set_value(action)
    if key:
        keyed(app, "selectbox", ".key").set_value(key)
    return sign(app, "labels.", "甲", "看过原件", "记下决定")


def choose_subject(app: AppTest, words: str) -> AppTest:
    chooser = app.selectbox(key="queue.id")
    chooser.select_index(next(n for n, text in enumerate(chooser.options) if words in text))
    return app.run()


def judge(app: AppTest, verdict: str, reason: str = "对过扫描件") -> AppTest:
    keyed(app, "radio", ".verdict").set_value(verdict)
    return sign(app, "verdict.", "乙", reason, "记下裁定")


def correct(app: AppTest, state: str, value: str, reason: str = "表格错行") -> AppTest:
    keyed(app, "selectbox", ".state").set_value(state)
    keyed(app, "text_input", ".value").set_value(value)
    return sign(app, "correct.", "丙", reason, "记下更正")


def figure(app: AppTest) -> list[Any]:
    return [trace["y"] for trace in json.loads(app.get("plotly_chart")[0].proto.spec)["data"]]


def taken(app: AppTest, folder: Path) -> None:
    """The file that the page hands out, as somebody saves it."""
    rows = app.session_state["decide.basket"]
    (folder / "aliases.csv").write_text("\ufeff" + deciding.text(rows, Alias), encoding="utf-8")
