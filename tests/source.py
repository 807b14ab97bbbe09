"""The project's own source as data: which modules there are, what each imports, which calls it makes."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

# Room → the rooms that it may name. Loaders and dashboard meet only in Parquet and the codebook.
MAY_IMPORT = {
    "codebook": set[str](),
    "loaders": {"codebook"},
    "dashboard": {"codebook"},
    "pages": {"codebook", "dashboard"},
    "app": {"codebook", "dashboard", "pages"},
}
OUTSIDE = {"benchmarks", "dev", "tests"}  # they name the rooms, never the other way round
WITHOUT_STREAMLIT = {"codebook", "loaders"}
# The loaders work offline, but for one module that only one verb reaches. urllib.parse and http.HTTPStatus open no
# connection and are fine.
OPENS_CONNECTIONS, ITS_ROOM, ITS_VERB = "loaders.fetch.wire", "loaders.fetch", "loaders.verbs.fetch"
NETWORK = (
    *("socket", "socketserver", "ssl", "asyncio", "urllib.request", "http.client", "http.server", "xmlrpc"),
    *("ftplib", "smtplib", "imaplib", "poplib", "telnetlib", "webbrowser"),
    *("requests", "httpx", "aiohttp", "urllib3", "websockets", "anyio"),
)
UNPICKLERS = ("pickle", "_pickle", "cPickle", "shelve", "marshal", "dill", "cloudpickle", "joblib")
FORBIDDEN_NAMES = {"eval", "exec", "read_pickle", "to_pickle"}
FORBIDDEN_KEYWORDS = {"unsafe_allow_html", "shell", "allow_pickle"}
TAKE_SQL = {"execute", "executemany", "executescript", "sql", "query", "read_sql", "read_sql_query"}

Modules = Mapping[str, ast.Module]


def modules_under(root: Path, names: Iterable[str] | None = None) -> dict[str, ast.Module]:
    """Dotted module name → syntax tree, of the Python files `names` (relative to `root`; all of the rooms if None).

    A package goes by its own name: codebook/__init__.py is `codebook`.
    """
    if names is None:
        found = [*root.glob("app.py"), *(path for room in MAY_IMPORT for path in (root / room).rglob("*.py"))]
        names = sorted(path.relative_to(root).as_posix() for path in found)
    return {dotted(name): ast.parse((root / name).read_text(encoding="utf-8"), filename=name) for name in names}


def dotted(name: str) -> str:
    """`loaders/readers/__init__.py` → `loaders.readers`."""
    parts = PurePosixPath(name).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all that a module imports, also inside functions and for types only.

    `from a import b` gives `a.b`: b may be a module, and where it is not, `a` is found as its beginning.
    Relative imports do not occur here: the linter refuses them.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in names)


def is_or_in(name: str, module: str) -> bool:
    """Whether the dotted `name` is `module` or something inside it."""
    return name == module or name.startswith(f"{module}.")


def cycle(modules: Modules) -> list[str] | None:
    """One import cycle as module names, first and last the same; None where there is none."""
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for name, tree in modules.items():
        for _, imported in imports(tree):
            target = imported if imported in modules else imported.rpartition(".")[0]
            if target in modules and target != name:
                graph[name].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def layer_breaks(modules: Modules) -> list[str]:
    """Each import that goes against the layers, opens the network from the loaders or brings Streamlit there."""
    breaks = []
    for name, tree in modules.items():
        room = name.partition(".")[0]
        refused = (MAY_IMPORT.keys() | OUTSIDE) - MAY_IMPORT[room] - {room}
        refused |= {"streamlit"} if room in WITHOUT_STREAMLIT else set()
        refused |= set(NETWORK) if room == "loaders" and name != OPENS_CONNECTIONS else set()
        refused |= {ITS_ROOM} if name != ITS_VERB and not is_or_in(name, ITS_ROOM) else set()
        breaks += [
            f"{name}, line {line}: imports {imported}"
            for line, imported in imports(tree)
            if any(is_or_in(imported, module) for module in refused)
        ]
    return breaks


def unsafe_calls(modules: Modules) -> list[str]:
    """Each call that runs text as code, HTML, a shell line or SQL, and each import that unpickles."""
    found = []
    for name, tree in modules.items():
        for line, imported in imports(tree):
            if any(is_or_in(imported, module) for module in UNPICKLERS):
                found.append(f"{name}, line {line}: imports {imported}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (why := unsafe(node)):
                found.append(f"{name}, line {node.lineno}: {why}")
    return found


def unsafe(call: ast.Call) -> str | None:
    """Why `call` is unsafe, in words; None where it is not."""
    called = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
    if called in FORBIDDEN_NAMES:
        return f"calls {called}"
    for keyword in call.keywords:
        if keyword.arg in FORBIDDEN_KEYWORDS:
            return f"passes {ast.unparse(keyword)}"
    if called in TAKE_SQL and call.args and is_composed(call.args[0]):
        return f"passes a composed text to {called}: values go in as parameters"
    return None


def is_composed(node: ast.expr) -> bool:
    """Whether a text is put together from values: an f-string, +, % or .format()."""
    match node:
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.FormattedValue) for part in parts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            texts = any(is_composed(side) or is_text(side) for side in (left, right))
            return texts and not (is_text(left) and is_text(right))
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return is_text(value)
    return False


def is_text(node: ast.expr) -> bool:
    """Whether `node` is a text written out in the source."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
