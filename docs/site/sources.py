"""Files of the project that pages link to stand in the site, too: a hook of mkdocs.

A link such as ../deploy/nginx.conf leads out of docs/. The file is copied to source/ and the link leads there, so that no
link of the site is dead. A link to a folder leads to its README.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import normpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
OUT = re.compile(r"\]\(((?:\.\./)+[^)#\s]+)(#[^)\s]*)?\)")
ROOM = "source"


def _meant(page: str, target: str) -> str | None:
    """The file of the project that a link of a page means; None where there is none, or it is a page itself."""
    name = normpath(f"docs/{Path(page).parent.as_posix()}/{target}")
    path = ROOT / name
    if path.is_dir():
        name, path = f"{name}/README.md", path / "README.md"
    return name if path.is_file() and not name.startswith(("docs/", "..")) else None


def _there(name: str) -> str:
    """Where it stands in the site. Sources are shown as text, and Markdown of other folders as it is written."""
    return f"{ROOM}/{name}.txt"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what pages link to."""
    wanted = set[str]()
    for one in files.documentation_pages():
        for target, _ in OUT.findall(one.content_string):
            if (name := _meant(one.src_uri, target)) is not None:
                wanted.add(name)
    for name in sorted(wanted):
        files.append(File.generated(config, _there(name), abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Lead links out of docs/ to what was added."""

    def led(link: re.Match[str]) -> str:
        name = _meant(page.file.src_uri, link[1])
        up = "../" * page.file.src_uri.count("/")
        return link[0] if name is None else f"]({up}{_there(name)})"

    return OUT.sub(led, markdown)
