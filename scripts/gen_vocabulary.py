"""Write the vocabulary's Solidity and Python from its one source, registry/vocabulary/*.json.

Run as ``python -m scripts.gen_vocabulary``; with ``--check`` it writes nothing and exits with 1
when a written file differs from what the source gives.
"""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "registry" / "vocabulary"
SOLIDITY: Final = ROOT / "contracts" / "types" / "Vocabulary.sol"
PYTHON: Final = ROOT / "registry" / "domain" / "vocabulary.py"
WIDTH: Final = 100
INDENT: Final = "    "

# Masks first, then enumerations, each in the order in which the clauses of a grant name them.
ORDER: Final = (
    "right",
    "environment",
    "action",
    "purpose",
    "obligation",
    "form",
    "template",
    "mode",
    "sub_delegation",
    "quota_unit",
    "derived_rights",
    "price_model",
    "security_class",
    "source",
    "activity",
    "annotation",
    "reason",
)


# Files that are no list of words: the table of the workflow has a generator of its own.
APART: Final = frozenset({"flow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Hold one named bit or value."""

    code: str
    number: int
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Hold one vocabulary: a mask of named bits, or an enumeration."""

    name: str
    library: str
    kind: str
    width: int
    definition: str
    members: tuple[Member, ...]


class VocabularyMalformedError(ValueError):
    """Say which vocabulary file breaks which rule."""


def read(path: Path) -> Vocabulary:
    """Read one vocabulary file, whose numbers must run from 0 and whose codes must be distinct."""
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    key = "bit" if raw["kind"] == "mask" else "value"
    members = tuple(
        Member(code=entry["code"], number=entry[key], definition=entry["definition_en"])
        for entry in raw["entries"]
    )
    if [member.number for member in members] != list(range(len(members))):
        raise VocabularyMalformedError(f"{path.name}: {key}s must run from 0 without a gap")
    if len({member.code for member in members}) != len(members):
        raise VocabularyMalformedError(f"{path.name}: a code occurs twice")
    if len(members) > (raw["width"] if raw["kind"] == "mask" else 1 << raw["width"]):
        raise VocabularyMalformedError(f"{path.name}: more members than {raw['width']} bits hold")
    return Vocabulary(
        name=raw["name"],
        library=raw.get("library", raw["name"]),
        kind=raw["kind"],
        width=raw["width"],
        definition=raw["definition_en"],
        members=members,
    )


def read_all() -> list[Vocabulary]:
    """Read every vocabulary file, in the order of the output; an unlisted file is an error."""
    found = {path.stem for path in SOURCE.glob("*.json")} - APART
    if found != set(ORDER):
        raise VocabularyMalformedError(f"files and ORDER differ: {sorted(found ^ set(ORDER))}")
    return [read(SOURCE / f"{stem}.json") for stem in ORDER]


def _wrapped(text: str, lead: str) -> list[str]:
    """Wrap a text so that each line starts with `lead`, comment sign included."""
    return textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=lead)


def _solidity_mask(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the lines of a library of named bits."""
    yield from _wrapped(f"@notice {vocabulary.definition}", "/// ")
    yield f"library {vocabulary.library} {{"
    for member in vocabulary.members:
        yield from _wrapped(f"@dev {member.definition}", f"{INDENT}/// ")
        yield (
            f"{INDENT}uint{vocabulary.width} internal constant {member.code} = "
            f"1 << {member.number};"
        )
    yield f"{INDENT}/// @dev All bits that have a meaning."
    yield (
        f"{INDENT}uint{vocabulary.width} internal constant ALL = "
        f"uint{vocabulary.width}((1 << {len(vocabulary.members)}) - 1);"
    )
    yield "}"


def _solidity_enum(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the lines of an enumeration."""
    yield from _wrapped(f"@notice {vocabulary.definition}", "/// ")
    yield f"enum {vocabulary.name} {{"
    last = vocabulary.members[-1]
    for member in vocabulary.members:
        yield from _wrapped(member.definition, f"{INDENT}// ")
        yield f"{INDENT}{member.code}{'' if member is last else ','}"
    yield "}"


def solidity(vocabularies: list[Vocabulary]) -> str:
    """Return the text of the Solidity file, as forge's formatter leaves it."""
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        "pragma solidity ^0.8.28;",
        "",
        "// Generated from registry/vocabulary/*.json by scripts/gen_vocabulary.py. Do not edit.",
    ]
    for vocabulary in vocabularies:
        lines.append("")
        write = _solidity_mask if vocabulary.kind == "mask" else _solidity_enum
        lines.extend(write(vocabulary))
    return "\n".join(lines) + "\n"


def _python_class(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the lines of an IntFlag or IntEnum."""
    is_mask = vocabulary.kind == "mask"
    yield f"class {vocabulary.name}({'IntFlag' if is_mask else 'IntEnum'}):"
    summary, _, rest = vocabulary.definition.partition(". ")
    if rest:
        yield f'{INDENT}"""{summary}.'
        yield ""
        yield from _wrapped(rest, INDENT)
        yield f'{INDENT}"""'
    else:
        yield f'{INDENT}"""{summary}"""'
    yield ""
    for member in vocabulary.members:
        yield from _wrapped(member.definition, f"{INDENT}# ")
        yield f"{INDENT}{member.code} = {f'1 << {member.number}' if is_mask else member.number}"
    if is_mask:
        yield f"{INDENT}# All bits that have a meaning."
        yield f"{INDENT}ALL = (1 << {len(vocabulary.members)}) - 1"


def python(vocabularies: list[Vocabulary]) -> str:
    """Return the text of the Python module, as ruff's formatter leaves it."""
    lines = [
        '"""Name the closed vocabulary of rights, actions, purposes and the other clauses.',
        "",
        "Generated from registry/vocabulary/*.json by scripts/gen_vocabulary.py. Do not edit.",
        '"""',
        "",
        "from enum import IntEnum, IntFlag",
    ]
    for vocabulary in vocabularies:
        lines += ["", "", *_python_class(vocabulary)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the files, or with ``--check`` tell which of them are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    check = parser.parse_args().check
    vocabularies = read_all()
    stale = False
    for path, text in ((SOLIDITY, solidity(vocabularies)), (PYTHON, python(vocabularies))):
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale = True
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(stale and check)


if __name__ == "__main__":
    sys.exit(main())
