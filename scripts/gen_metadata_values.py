"""Write registry/domain/metadata_values.py from registry/vocabulary/metadata/*.json.

Run as ``python -m scripts.gen_metadata_values``; with ``--check`` it writes nothing and exits with
1 when the module differs from what the lists give.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "registry" / "vocabulary" / "metadata"
TARGET: Final = ROOT / "registry" / "domain" / "metadata_values.py"

# Long lists of codes are read when they are asked for; they are no enumerations.
CODE_LISTS: Final = {"industry", "region"}
HEAD: Final = '''\
"""Name the closed lists of values that descriptive fields take.

Each value is the rule's own word, and that is what is kept and hashed; its English name is accepted
on input. Generated from registry/vocabulary/metadata/*.json by scripts/gen_metadata_values.py. Do
not edit.
"""
'''


ALSO: Final = (
    "",
    "    @classmethod",
    "    def also(cls) -> Mapping[str, str]:",
    '        """Return further names that are read, with the value that each stands for."""',
    "        return {",
)


def read_all() -> list[dict[str, Any]]:
    """Return the short lists in the order of their files' names."""
    paths = sorted(path for path in SOURCE.glob("*.json") if path.stem not in CODE_LISTS)
    return [{"file": path.stem, **json.loads(path.read_text(encoding="utf-8"))} for path in paths]


def module(lists: list[dict[str, Any]]) -> str:
    """Return the text of the module, as ruff's formatter leaves it."""
    lines = [HEAD.rstrip("\n"), ""]
    lines += ["from collections.abc import Mapping", "from typing import Final", ""]
    lines.append("from registry.domain.choice import Choice")
    for one in lists:
        lines += ["", "", *_class(one)]
    lines += ["", "", "FILES: Final = {"]
    lines += [f'    "{one["name"]}": "{one["file"]}",' for one in lists]
    lines += ["}", '"""The file of each list, by the name of its class."""']
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the module, or with `--check` tell whether it is stale."""
    text = module(read_all())
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    check = "--check" in arguments
    print(f"{'stale' if check else 'written'}: {TARGET.relative_to(ROOT)}")
    if not check:
        TARGET.write_text(text, encoding="utf-8")
    return int(check)


def _class(one: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one enumeration."""
    yield f"class {one['name']}(Choice):"
    yield f'    """{one["definition_en"]}"""'
    yield ""
    for entry in one["entries"]:
        yield f'    {entry["code"]} = "{entry["value"]}"'
    also = {
        name: entry["value"]
        for entry in one["entries"]
        for name in (*entry.get("also", ()), entry["zh"])
        if name != entry["value"]
    }
    if also:
        yield from ALSO
        yield from (f'            "{name}": "{value}",' for name, value in also.items())
        yield "        }"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
