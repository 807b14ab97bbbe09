"""A visitor's own reports: read within limits, seen by nobody else, gone with the session."""

import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import data, desk, kept
from dashboard.selection import Selection
from dashboard.uploads import limits, reading, session, store
from dashboard.uploads.limits import LIMITS
from dashboard.uploads.reading import ReadingError
from dashboard.words import Words
from tests.boxes import tables
from tests.made import publish
from tests.test_pages import PAGES, ROOT, said, visit

REPORT = ROOT / "data" / "reports" / "002_661fbc7c25e971f6.txt"
Ask = Callable[[data.Dataset], int]
SILENT = replace(LIMITS, patience=0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("uploads"))


@pytest.fixture(autouse=True)
def place(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A published data set, and a root of uploads for this test alone."""
    monkeypatch.setenv("OGI_DATA", str(folder))
    monkeypatch.delenv("OGI_UPLOADS", raising=False)
    monkeypatch.delenv("OGI_UPLOADS_KEEP", raising=False)
    root = tmp_path / "root"
    root.mkdir()
    monkeypatch.setattr(store, "root", lambda: root)
    yield root
    assert reading._READERS._value == LIMITS.readers


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Choose the files on the page of uploads and read them."""
    app.switch_page(PAGES["upload"]).run()
    app.file_uploader[0].set_value([(name, content, "application/octet-stream") for name, content in files]).run()
    app.button(key="uploads.read").click().run(timeout=120)
    assert [error.value for error in app.exception] == []
    return app


def cells(app: AppTest) -> str:
    return "\n".join(one.to_csv() for one in tables(app))


def test_two_visitors_see_their_own_and_not_each_others(place: Path) -> None:
    first, second = visit("upload"), visit("upload")
    upload(first, ("卧龙山.txt", REPORT.read_bytes()))
    assert "卧龙山" in cells(first)
    assert "卧龙山" not in cells(second.run()) + said(second)
    assert not [button for button in second.button if button.key == "uploads.use"]

    first.button(key="uploads.use").click().run()
    first.switch_page(PAGES["procurement"]).run()
    assert "各页现在显示你上传的 1 份报告" in said(first)
    assert "23,580,000" in cells(first) or "2,358万" in said(first)
    assert first.code == []  # no permalink leads here
    second.switch_page(PAGES["procurement"]).run()
    assert "各页现在显示你上传的" not in said(second)
    assert "version=made1" in second.code[0].value
    for page in ("overview", "report", "downloads", "cite"):
        first.switch_page(PAGES[page]).run()
        assert [error.value for error in first.exception] == []
        assert "own-" in said(first)
        assert "made1" not in said(first)
    first.button(key="upload.back").click().run()
    assert "own-" not in said(first)

    assert list(place.iterdir())
    first.switch_page(PAGES["upload"]).run()
    first.button(key="uploads.forget").click().run()
    assert list(place.iterdir()) == []
    assert "卧龙山" not in cells(first)


def test_originals_go_as_soon_as_they_are_read(place: Path) -> None:
    upload(visit("upload"), ("a.txt", REPORT.read_bytes()))
    names = {path.name for path in place.rglob("*") if path.is_file()}
    assert "facts.parquet" in names
    assert "a.txt" not in names


def test_a_hostile_archive_and_a_bad_file_get_a_reason() -> None:
    bomb = packed(a__txt=b"0" * 30_000_000)
    broken = packed(a__txt=REPORT.read_bytes())[:-30]
    good = packed(**{"in/ner__txt": REPORT.read_bytes(), "../up__txt": b"nothing"})
    app = upload(visit("upload"), ("b.zip", bomb), ("c.zip", broken), ("d.zip", good), ("e.docx", b"PK\x03\x04x"))
    told = cells(app)
    for reason in ("压缩包展开后过大", "压缩包已损坏", "文件里没有年度报告的表"):
        assert reason in told
    assert "d.zip/in/ner.txt" in told


def test_nothing_readable_is_still_answered() -> None:
    app = upload(visit("upload"), ("index.csv", b"file,source_url\n"), (".hidden.txt", b""), ("README.md", b"# x"))
    told = cells(app)
    for name in ("file_index.csv", "file_.hidden.txt", "file_README.md"):
        assert name in told
    assert not [button for button in app.button if button.key == "uploads.use"]


def test_limits_are_kept_before_anything_is_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(taken: session.Files, **changed: int) -> str:
        error = session.refusal(taken, replace(LIMITS, **changed))
        return error.key if error else ""

    assert refused([("a", b"x")] * 3, files=2) == "upload.too_many"
    assert refused([("a", b"xx")], each=1) == "upload.too_large"
    assert refused([("a", b"xx"), ("b", b"xx")], session=3) == "upload.too_much"
    (place / "others").write_bytes(b"x" * 10)
    assert refused([("a", b"xx")], everybody=11) == "upload.full"
    assert refused([("a", b"xx")]) == ""
    monkeypatch.setattr(session, "refusal", lambda files, limits: ReadingError("upload.full"))
    app = upload(visit("upload"), ("a.txt", b"x"))
    assert "已满" in app.error[0].value
    assert [path.name for path in place.iterdir()] == ["others"]


def test_the_server_and_the_page_have_one_limit() -> None:
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert f"maxUploadSize = {LIMITS.each // 1_000_000}\n" in config


def documents(place: Path) -> Path:
    folder = place / "room" / "in"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_bytes(REPORT.read_bytes())
    return folder


def test_reading_that_takes_too_long_is_stopped(place: Path) -> None:
    asked = documents(place)
    with pytest.raises(ReadingError) as caught:
        reading.read(asked, place / "room" / "out", lambda _: None, replace(LIMITS, wall=0.01))
    assert caught.value.key == "upload.time"


def test_reading_ends_with_its_visitor(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page raises when its visitor leaves ends the process and all of its children."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def remembered(*arguments: object, **named: object) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **named))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr("dashboard.uploads.reading.subprocess.Popen", remembered)

    class GoneError(Exception):
        """The visitor went."""

    def leave(seconds: float) -> None:
        raise GoneError

    with pytest.raises(GoneError):
        reading.read(documents(place), place / "room" / "out", leave, LIMITS)
    assert started[0].returncode is not None
    with pytest.raises(ProcessLookupError):
        os.killpg(started[0].pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
def test_reading_that_wants_too_much_memory_ends(place: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        reading.read(documents(place), place / "room" / "out", lambda _: None, replace(LIMITS, memory=150_000_000))
    assert caught.value.key == "upload.failed"


def test_a_busy_server_says_so(place: Path) -> None:
    held = [reading._READERS.acquire() for _ in range(LIMITS.readers)]
    try:
        with pytest.raises(ReadingError) as caught:
            reading.read(documents(place), place / "room" / "out", lambda _: None, SILENT)
    finally:
        for _ in held:
            reading._READERS.release()
    assert caught.value.key == "upload.busy"


def test_the_operator_can_switch_uploads_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OGI_UPLOADS", "off")
    app = visit("upload")
    assert "没有开放上传" in said(app)
    assert len(app.file_uploader) == 0
    assert not limits.allowed()


def test_what_the_operator_keeps_is_said_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "不保存" in said(visit("upload"))
    aside = tmp_path / "aside"
    monkeypatch.setenv("OGI_UPLOADS_KEEP", str(aside))
    app = visit("upload")
    assert "留存" in said(app)
    assert "不保存" not in said(app)
    upload(app, ("../甲 乙.txt", REPORT.read_bytes()))
    kept_ = list(aside.iterdir())
    assert [path.read_bytes() for path in kept_] == [REPORT.read_bytes()]
    assert kept_[0].name.endswith("_甲_乙.txt")
    assert store.put_aside(aside, [("x", REPORT.read_bytes()), ("y", b"yy")], most=10) == 0


@pytest.mark.parametrize(
    ("name", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\年报 2020.docx", "年报_2020.docx"),
        (".htaccess", "file.htaccess"),
        ("index.csv", "file_index.csv"),
        ("", "file"),
        ("..", "file_.."),
        ("a\0b\n.txt", "a_b_.txt"),
        ("长" * 300 + ".txt", "长" * 80 + ".txt"),
    ],
)
def test_names_stay_inside(name: str, kept_as: str) -> None:
    assert store.plain(name) == kept_as


def test_what_a_killed_server_left_is_swept_and_a_living_one_is_left_alone(tmp_path: Path) -> None:
    code = "import sys, time; from dashboard.uploads import store; room = store.Room(); print(room.folder, flush=True); time.sleep(60)"
    environment = os.environ | {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    server = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert server.stdout is not None
        room = Path(server.stdout.readline().strip())
        assert room.parent.parent == tmp_path
        assert room.is_dir()
        assert oct(room.parent.stat().st_mode & 0o777) == "0o700"
        assert store.sweep(tmp_path) == []
    finally:
        server.send_signal(signal.SIGKILL)
        server.communicate()
    (tmp_path / f"{store.PREFIX}link").symlink_to(tmp_path)
    (tmp_path / f"{store.PREFIX}new").mkdir()
    assert store.sweep(tmp_path) == [room.parent]
    assert not room.exists()
    assert (tmp_path / f"{store.PREFIX}new").is_dir()


def test_a_room_goes_when_nobody_holds_it() -> None:
    room = store.Room()
    folder = room.folder
    room.put([("a.txt", b"x"), ("a.txt", b"y")])
    assert sorted(path.read_bytes() for path in folder.rglob("*.txt")) == [b"x", b"y"]
    del room
    assert not folder.exists()


def test_what_is_private_is_kept_where_others_cannot_find_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    made = data.read(folder / "versions" / "made1")

    def cache(scope: str = "global", **_: object) -> Callable[[Ask], Ask]:
        def wrap(ask: Ask) -> Ask:
            def answer(one: data.Dataset, *more: object) -> int:
                asked.append(scope)
                return ask(one, *more)

            answer.clear = lambda: None  # type: ignore[attr-defined]
            return answer

        return wrap

    monkeypatch.setattr("dashboard.kept.st.cache_resource", cache)
    question = kept.kept(3)(lambda _data: len(_data.reports))
    assert question(made) == question(replace(made, private=True)) == 6
    assert asked == ["global", "session"]


def test_links_of_private_cells_lead_nowhere(folder: Path) -> None:
    made = data.read(folder / "versions" / "made1")
    one = desk.Desk(replace(made, private=True), Selection(), Words("zh"), made.reports, doubt=False)
    assert desk.link(one, "r1") is None
    assert desk.link(replace(one, data=made), "r1") == "report?report=r1"


def test_readers_are_few_at_a_time(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is over all sessions: a third visitor waits until one of two is done."""
    running, most, lock, full = [0], [0], threading.Lock(), threading.Event()

    def work(*_: object) -> Path:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            if running[0] == LIMITS.readers:
                full.set()
        assert full.wait(30)
        with lock:
            running[0] -= 1
        return place

    monkeypatch.setattr(reading, "_read", work)
    asked = [threading.Thread(target=reading.read, args=(place, place, lambda _: None, LIMITS)) for _ in range(6)]
    for one in asked:
        one.start()
    for one in asked:
        one.join()
    assert most[0] == LIMITS.readers


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
def test_a_small_document_leaves_a_quarter_of_the_address_space(tmp_path: Path) -> None:
    """Libraries reserve more than they touch; a machine of many cores must not bring them to the limit."""
    bound = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({LIMITS.memory * 3 // 4},) * 2); "
    code = bound + "from loaders.__main__ import main; raise SystemExit(main())"
    command = [sys.executable, "-c", code, "build", str(REPORT), "--out", str(tmp_path), "--workers", "1"]
    told = subprocess.run(command, env={**os.environ, **reading.FRUGAL}, cwd=ROOT, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr.decode()
