"""Visitors without a browser: they speak Streamlit's own protocol over a WebSocket, so that many fit on one machine.

A visitor opens a page by its link, waits until the script has run, thinks, and goes to the next. What the server sends
is counted and searched for errors; nothing is drawn.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

TICKS, PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
PATIENCE = 120.0  # seconds before a run counts as hung
MOST = 64 * 2**20  # bytes of one message
VERSION = re.compile(rb"(?:version=|ogi_[\w.-]{1,80}_)([0-9a-f]{16})(?![0-9a-f])")  # links, names of files to save
LISTS = ("multiselect", "button_group")  # what a page sets in them a visitor's browser says again in the next run
Way = tuple[str, str]  # page and query of a link


@dataclass(slots=True)
class Seen:
    """What one run sent."""

    seconds: float = 0.0
    versions: set[str] = field(default_factory=set)  # of the data, as links and names of files tell them
    links: set[str] = field(default_factory=set)  # what the page offers to copy: its permanent link
    wrong: list[str] = field(default_factory=list)
    elements: int = 0


class Visitor:
    """One session of a server at `address` (http://…), for `async with`."""

    def __init__(self, address: str, session: str = "") -> None:
        """`session`: the id of an earlier connection that broke, to be taken up again."""
        self.home, self._address = address, address.replace("http", "ws", 1) + "/_stcore/stream"
        self.session = session
        self._held: dict[str, WidgetState] = {}

    async def __aenter__(self) -> Visitor:
        told = ["streamlit", *(["none", self.session] if self.session else [])]
        self._wire: ClientConnection = await connect(
            self._address, subprotocols=[Subprotocol(one) for one in told], max_size=MOST, compression=None
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        await self._wire.close()

    def again(self) -> Visitor:
        """The same visitor over a new connection, with what its browser remembers."""
        other = Visitor(self.home, self.session)
        other._held = self._held
        return other

    async def visit(self, page: str, query: str = "") -> Seen:
        """One run of a page, up to its end. Raises TimeoutError where it has none."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        asked.rerun_script.widget_states.widgets.extend(self._held.values())
        started, seen = time.perf_counter(), Seen()
        await self._wire.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while not self._took(seen, await self._wire.recv()):
                pass
        seen.seconds = time.perf_counter() - started
        return seen

    def _took(self, seen: Seen, received: str | bytes) -> bool:
        """Note one message; True where it ends the run."""
        content = received.encode() if isinstance(received, str) else received
        seen.versions |= {found.decode() for found in VERSION.findall(content)}
        told = ForwardMsg.FromString(content)
        kind = told.WhichOneof("type")
        if kind == "new_session":
            self.session = told.new_session.initialize.session_id
            seen.versions.clear()  # a run that begins anew replaces what the one before it sent
        elif kind == "page_not_found":
            seen.wrong.append(f"no page {told.page_not_found.page_name}")
        elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
            seen.elements += 1
            self._look(seen, told.delta.new_element)
        elif kind == "script_finished":
            early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                seen.wrong.append("a page that does not compile")
            return bool(told.script_finished != early)
        return False

    def _look(self, seen: Seen, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            seen.wrong.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "code":
            seen.links.add(element.code.code_text)
        elif kind in LISTS and (one := getattr(element, kind)).set_value:
            self._held[one.id] = WidgetState(id=one.id)
            self._held[one.id].string_array_value.data.extend(one.raw_values)
        elif kind == "checkbox" and element.checkbox.set_value:
            self._held[element.checkbox.id] = WidgetState(id=element.checkbox.id, bool_value=element.checkbox.value)


async def stay(address: str, ways: Sequence[Way], seconds: float, think: float, number: int) -> list[Seen]:
    """One visitor who goes from page to page until the time is over; the number decides which ones."""
    chance, seen = random.Random(number), list[Seen]()  # noqa: S311
    end = time.monotonic() + seconds
    await asyncio.sleep(chance.random() * think)  # not all at the same moment
    async with Visitor(address) as one:
        while time.monotonic() < end:
            seen.append(await one.visit(*chance.choice(ways)))
            await asyncio.sleep(chance.uniform(0.5, 1.5) * think)
    return seen


async def crowd(address: str, ways: Sequence[Way], many: int, seconds: float, think: float = 2.0) -> list[Seen]:
    """What `many` visitors saw, who stay for so long and think about so long between two pages."""
    found = await asyncio.gather(*(stay(address, ways, seconds, think, number) for number in range(many)))
    return [seen for each in found for seen in each]


def processor(pid: int) -> float:
    """Processor seconds that a process has used."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / TICKS


def resident(pid: int) -> float:
    """Memory of a process in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE / 1e6


def at(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
