"""Find every function of ours that reads outside input, by the means of reading that it calls.

The list of what is found, with the target that each is put through or the reason why there is
none, stands in `assurance/inputs/readers.toml`; a test holds the two against each other.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from assurance.keep import ROOT

LIST: Final = Path(__file__).with_name("readers.toml")
PACKAGES: Final = ("registry", "cli")
MEANS: Final = frozenset(
    (
        *("json.loads", "json.load", "tomllib.loads", "toml_text.parse", "csv.reader"),
        *("zlib.decompress", "zlib.decompressobj", "base64.b64decode", "sqlite3.connect"),
        *(
            "expat.ParserCreate",
            "bytes.fromhex",
            "struct.unpack",
            "struct.unpack_from",
            "ast.parse",
        ),
        *("os.pread", "os.read", "mmap.mmap", "rlp.decode", "abi.decode", "opened", "read_bytes"),
        "open_given",
        *("read_text", "read_shallow", "documents.parse", "graph.parse", "self.feed", "input"),
    )
)
"""Calls that read: by their whole name, or the name of the method."""

_METHODS: Final = frozenset(
    ("read_bytes", "read_text", "readline", "unpack_from", "fromhex", "recv", "open", "scandir")
)


def found() -> Iterator[str]:
    """Yield `module:function` of every function that reads, sorted."""
    names = {
        f"{path.relative_to(ROOT).with_suffix('').as_posix().replace('/', '.')}:{name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in _readers(ast.parse(path.read_bytes()))
    }
    yield from sorted(names)


def listed() -> Mapping[str, str]:
    """Return what the list says of each function: the names of its targets, or a reason."""
    said = tomllib.loads(LIST.read_text("utf-8"))
    return {name: reason for table in ("through", "else") for name, reason in said[table].items()}


def through() -> Mapping[str, str]:
    """Return the target of each function that is put through one."""
    return dict(tomllib.loads(LIST.read_text("utf-8"))["through"])


def options() -> Mapping[str, str]:
    """Return for each file that a command takes the target that reads such, or a reason."""
    return dict(tomllib.loads(LIST.read_text("utf-8"))["options"])


def _readers(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _reads(node):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and _reads(inner):
                    yield f"{node.name}.{inner.name}"


def _reads(function: ast.FunctionDef) -> bool:
    return any(_is_means(one) for one in ast.walk(function) if isinstance(one, ast.Call))


def _is_means(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    # A literal is ours.
    literal = bool(call.args) and all(isinstance(one, ast.Constant) for one in call.args)
    if name in MEANS:
        return not (literal and name == "bytes.fromhex")
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS:
        return False
    return call.func.attr != "open" or _opens_to_read(call)


def _opens_to_read(call: ast.Call) -> bool:
    """Tell whether a path is opened to read from it: `open()`, `open("rb")`."""
    mode = call.args[0] if call.args else ast.Constant("r")
    return isinstance(mode, ast.Constant) and str(mode.value).startswith("r")
