"""Write what follows from the table of the registration workflow, registry/vocabulary/flow.json.

Run as ``python -m scripts.gen_flow``; with ``--check`` it writes nothing and exits with 1 when a
written file differs from what the table gives. Written are the Solidity enumerations and the packed
table, the Python ones, and the pages docs/registration*.md with their diagram.
"""

import argparse
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from scripts.flow_drawing import drawing
from scripts.flow_pages import page
from scripts.flow_source import Flow, FlowMalformedError, Row, read

ROOT: Final = Path(__file__).resolve().parent.parent
WIDTH: Final = 100
COLUMNS: Final = 120
INDENT: Final = "    "
RULE_BITS: Final = 32
RULES_IN_A_WORD: Final = 8
# Rule bits, from high to low: stages 14, profiles 2, kinds 6, actors 6, next 4.
STAGES_SHIFT: Final = 18
PROFILES_SHIFT: Final = 16
KINDS_SHIFT: Final = 10
ACTORS_SHIFT: Final = 4
MASKS: Final = ((PROFILES_SHIFT, 2), (KINDS_SHIFT, 6), (STAGES_SHIFT, 14))

HEAD: Final = (
    "// SPDX-License-Identifier: Apache-2.0",
    "pragma solidity ^0.8.28;",
    "",
    "// Generated from registry/vocabulary/flow.json by scripts/gen_flow.py. Do not edit.",
    "",
)


TABLE_NOTICE: Final = (
    "@notice One word for each act holds its rules, eight at most, the first in the lowest bits. A "
    "rule has 32 bits, from high to low: stages 14, profiles 2 (PROPERTY, PUBLIC), kinds 6, actors "
    "6, next 4. All but the last are masks; next is the stage that follows, 0 where it stays."
)
TABLE_WARNING: Final = (
    "@dev Warning: the table says who may do what at which stage. Time limits and further "
    "conditions, such as that publicity is over, are the caller's to check; docs/registration.md "
    "lists them row by row."
)


def packed(flow: Flow, row: Row) -> int:
    """Return one row of the table as a rule of 32 bits."""
    return (
        flow.mask("stages", row.stages) << STAGES_SHIFT
        | flow.mask("profiles", row.profiles) << PROFILES_SHIFT
        | flow.mask("kinds", row.kinds) << KINDS_SHIFT
        | flow.mask("actors", row.actors) << ACTORS_SHIFT
        | (flow.number("stages", row.next) if row.next else 0)
    )


def rules(flow: Flow, act: str) -> list[int]:
    """Return the distinct rules of an act, in the order of the table."""
    found = list(dict.fromkeys(packed(flow, row) for row in flow.rows if row.act == act))
    if len(found) > RULES_IN_A_WORD:
        raise FlowMalformedError(f"{act}: more than {RULES_IN_A_WORD} rules")
    return found


def _merged(found: list[int]) -> list[int]:
    """Merge rules that differ in one of their masks alone, since one rule may name both."""
    for shift, bits in MASKS:
        mask = ((1 << bits) - 1) << shift
        kept: dict[int, int] = {}
        for rule in found:
            kept[rule & ~mask] = kept.get(rule & ~mask, 0) | rule
        found = list(kept.values())
    return found


def word(flow: Flow, act: str) -> int:
    """Return all rules of an act in one word, the first in the lowest bits."""
    found = _merged(rules(flow, act))
    return sum(rule << RULE_BITS * place for place, rule in enumerate(found))


def _wrapped(text: str, lead: str, width: int = COLUMNS) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=lead, subsequent_indent=lead)


def _enum(name: str, notice: str, entries: list[dict[str, Any]]) -> Iterator[str]:
    yield from _wrapped(f"@notice {notice}", "/// ")
    yield f"enum {name} {{"
    for entry in entries:
        yield from _wrapped(entry["definition_en"], f"{INDENT}// ")
        yield f"{INDENT}{entry['code']}{'' if entry is entries[-1] else ','}"
    yield "}"


def _day_constants(flow: Flow) -> Iterator[str]:
    for clock in flow.raw["clocks"]:
        for profile, days in clock.get("days", {}).items():
            yield from _wrapped(f"@dev {clock['definition_en']}", f"{INDENT}/// ")
            yield f"{INDENT}uint8 internal constant {profile}_{clock['code']} = {days};"
        for profile, days in clock.get("extension", {}).items():
            yield f"{INDENT}/// @dev By how much the time may be made longer, once, at most."
            yield f"{INDENT}uint8 internal constant {profile}_EXTENSION = {days};"
        if "most" in clock:
            yield from _wrapped(f"@dev {clock['definition_en']} At least.", f"{INDENT}/// ")
            yield f"{INDENT}uint8 internal constant {clock['code']}_LEAST = {clock['least']};"
            yield f"{INDENT}/// @dev At most."
            yield f"{INDENT}uint8 internal constant {clock['code']}_MOST = {clock['most']};"
    validity, renewal = flow.raw["terms"]["validity"], flow.raw["terms"]["renewal"]
    for profile, span in validity.items():
        yield f"{INDENT}/// @dev A registration is valid for at most so many years."
        yield f"{INDENT}uint8 internal constant {profile}_VALIDITY_YEARS = {span['years']};"
    for profile, span in renewal.items():
        (unit, amount), *_ = span.items()
        yield f"{INDENT}/// @dev A renewal may be asked for in so many {unit} before the end."
        name = f"{profile}_RENEWAL_{unit.upper()}"
        yield f"{INDENT}uint8 internal constant {name} = {amount};"


def solidity_values(flow: Flow) -> str:
    """Return contracts/types/Flow.sol: enumerations, actors and time limits."""
    lines = [*HEAD]
    lines += _enum("CaseKind", "What a case asks for.", flow.raw["kinds"])
    lines += ["", *_enum("Stage", "Where a case stands.", flow.raw["stages"])]
    lines += ["", *_enum("Act", "What may be done with a case.", flow.raw["acts"])]
    lines += [
        "",
        "/// @notice Who acts, as a mask: a party may be several at once.",
        "library Actor {",
    ]
    for bit, entry in enumerate(flow.raw["actors"]):
        lines += _wrapped(f"@dev {entry['definition_en']}", f"{INDENT}/// ")
        lines.append(f"{INDENT}uint8 internal constant {entry['code']} = 1 << {bit};")
    lines += ["}", "", "/// @notice Time limits, in working days where nothing else is said."]
    lines += ["library Limit {", *_day_constants(flow), "}"]
    return "\n".join(lines) + "\n"


def _rule_comment(flow: Flow, rule: int) -> str:
    """Return one rule in words, for the reader of the generated file."""

    def names(group: str, shift: int) -> str:
        codes = flow.codes(group)
        held = [code for bit, code in enumerate(codes) if rule >> shift & 1 << bit]
        return "all" if len(held) == len(codes) > 1 else ", ".join(held)

    to = rule & 15
    return (
        f"{names('stages', STAGES_SHIFT)} → {flow.codes('stages')[to] if to else 'stays'} "
        f"[{names('profiles', PROFILES_SHIFT)}] [{names('kinds', KINDS_SHIFT)}] "
        f"by {names('actors', ACTORS_SHIFT)}"
    )


def solidity_table(flow: Flow) -> str:
    """Return contracts/types/FlowTable.sol: one word of rules for each act, and the look-up."""
    lines = [
        *HEAD,
        'import {Act, CaseKind, Stage} from "./Flow.sol";',
        'import {Profile} from "./Product.sol";',
        "",
        "/// @title The table of the registration workflow",
        *_wrapped(TABLE_NOTICE, "/// "),
        *_wrapped(TABLE_WARNING, "/// "),
        "library FlowTable {",
    ]
    for act in flow.codes("acts"):
        for rule in _merged(rules(flow, act)):
            lines += _wrapped(f"@dev {_rule_comment(flow, rule)}", f"{INDENT}/// ")
        lines.append(f"{INDENT}uint256 internal constant {act} = 0x{word(flow, act):064x};")
    lines += SOLIDITY_LOOK_UP.split("\n")
    lines += [
        f"{INDENT}/// @notice The rules of an act.",
        f"{INDENT}function rules(Act act) internal pure returns (uint256) {{",
    ]
    lines += _search(flow.codes("acts"), 0, 2)
    lines += [f"{INDENT}}}", "}"]
    return "\n".join(lines) + "\n"


def _search(acts: list[str], first: int, depth: int) -> Iterator[str]:
    """Yield a binary search among the acts, so that no look-up takes more than five steps."""
    indent = INDENT * depth
    if len(acts) == 1:
        yield f"{indent}return {acts[0]};"
        return
    half = (len(acts) + 1) // 2
    yield f"{indent}if (uint8(act) < {first + half}) {{"
    yield from _search(acts[:half], first, depth + 1)
    yield f"{indent}}}"
    yield from _search(acts[half:], first + half, depth)


SOLIDITY_LOOK_UP: Final = """
    /// @notice Whether this may be done, and the stage that follows, the same one where it stays.
    /// @param word The rules of the act, one of the constants above or what `rules` gives.
    /// @param profile PROPERTY or PUBLIC; nothing is allowed under any other.
    /// @param actors What the acting party is, a mask of `Actor`.
    function next(uint256 word, Profile profile, CaseKind kind, Stage stage, uint8 actors)
        internal
        pure
        returns (bool allowed, Stage to)
    {
        uint256 profiles = uint256(1) << uint8(profile) & 0xc;
        uint256 stages = uint256(1) << (uint8(stage) + 18);
        uint256 kinds = uint256(1) << (uint8(kind) + 10);
        // Unsigned 32 bits a step: a rule of zero ends the word, since every rule names a stage.
        for (; word != 0; word >>= 32) {
            if (word & stages == 0 || word & kinds == 0) continue;
            if (word & profiles << 14 == 0 || word & uint256(actors) << 4 & 0x3f0 == 0) continue;
            uint256 following = word & 0xf;
            return (true, following == 0 ? stage : Stage(following));
        }
        return (false, stage);
    }
"""


def _python_enum(name: str, kind: str, summary: str, entries: list[dict[str, Any]]) -> list[str]:
    lines = ["", "", f"class {name}({kind}):", f'{INDENT}"""{summary}"""', ""]
    for number, entry in enumerate(entries):
        value = f"1 << {number}" if kind == "IntFlag" else str(number)
        lines += _wrapped(entry.get("definition_en", f"When {entry['en']}."), f"{INDENT}# ", WIDTH)
        lines.append(f"{INDENT}{entry['code']} = {value}")
    return lines


def _tuple(kind: str, codes: tuple[str, ...], whole: list[str]) -> str:
    if list(codes) == whole and len(codes) > 1:
        return f"tuple({kind})"
    return f"({''.join(f'{kind}.{code}, ' for code in codes)})".replace(
        ", )", ",)" if len(codes) == 1 else ")"
    )


def _mapping(values: dict[str, int]) -> str:
    return "{" + ", ".join(f"Profile.{name}: {days}" for name, days in values.items()) + "}"


def _python_row(flow: Flow, row: Row) -> Iterator[str]:
    yield f"{INDENT * 2}Row("
    fields = {
        "profiles": _tuple("Profile", row.profiles, []),
        "kinds": _tuple("CaseKind", row.kinds, flow.codes("kinds")),
        "stages": _tuple("Stage", row.stages, flow.codes("stages")),
        "act": f"Act.{row.act}",
        "actors": " | ".join(f"Actor.{actor}" for actor in row.actors),
        "next": f"Stage.{row.next}" if row.next else None,
        "after": f"Clock.{row.after}" if row.after else None,
        "before": f"Clock.{row.before}" if row.before else None,
        "due": f"Clock.{row.due}" if row.due else None,
        "conditions": _tuple("Condition", row.conditions, []) if row.conditions else None,
        "stays": f"Condition.{row.stays}" if row.stays else None,
    }
    for name, value in fields.items():
        if value is None:
            continue
        line = f"{INDENT * 3}{name}={value},"
        if len(line) <= WIDTH:
            yield line
            continue
        yield f"{INDENT * 3}{name}=("
        yield from (
            f"{INDENT * 4}{part.strip()}," for part in value[1:-1].split(",") if part.strip()
        )
        yield f"{INDENT * 3}),"
    yield f"{INDENT * 2}),"


def python(flow: Flow) -> str:
    """Return registry/domain/flow_table.py, as ruff's formatter leaves it."""
    raw = flow.raw
    lines = [*PYTHON_HEAD]
    lines += _python_enum("CaseKind", "IntEnum", "Name what a case asks for.", raw["kinds"])
    lines += _python_enum("Stage", "IntEnum", "Say where a case stands.", raw["stages"])
    lines += _python_enum("Act", "IntEnum", "Name what may be done with a case.", raw["acts"])
    lines += _python_enum(
        "Actor", "IntFlag", "Say who acts; a party may be several at once.", raw["actors"]
    )
    lines += _python_enum(
        "Clock", "IntEnum", "Name a time limit, by what it is reckoned from.", raw["clocks"]
    )
    lines += _python_enum(
        "Condition",
        "IntEnum",
        "Name what must hold for an act beside stage and time.",
        raw["conditions"],
    )
    lines += [
        *PYTHON_ROW.rstrip("\n").split("\n"),
        "",
        "",
        "@cache",
        "def rows() -> tuple[Row, ...]:",
        f'{INDENT}"""Return every row of the table, in the order of its source."""',
        f"{INDENT}return (",
    ]
    for row in flow.rows:
        lines += _python_row(flow, row)
    lines += [f"{INDENT})", ""]
    ends = tuple(entry["code"] for entry in raw["stages"] if entry.get("end"))
    lines += ["", "ENDS: Final = frozenset("]
    lines += [f"{INDENT}{{", *(f"{INDENT * 2}Stage.{code}," for code in ends), f"{INDENT}}}", ")"]
    lines += ['"""The stages in which a case is over."""', "", "DAYS: Final = {"]
    for clock in raw["clocks"]:
        if "days" in clock:
            lines.append(f"{INDENT}Clock.{clock['code']}: {_mapping(clock['days'])},")
    lines += [
        "}",
        '"""How many working days a time limit has under a profile."""',
        "",
        "CHOSEN_DAYS: Final = {",
    ]
    for clock in raw["clocks"]:
        if "most" in clock:
            lines.append(
                f"{INDENT}Clock.{clock['code']}: range({clock['least']}, {clock['most'] + 1}),"
            )
    lines += ["}", '"""How many working days a registrar may set."""', ""]
    chosen = {clock["default"] for clock in raw["clocks"] if "default" in clock}
    lines += [
        f"DEFAULT_DAYS: Final = {chosen.pop()}",
        '"""How many working days a registrar sets who names none."""',
        "",
    ]
    extension = next(clock["extension"] for clock in raw["clocks"] if "extension" in clock)
    lines += [
        f"EXTENSION_DAYS: Final = {_mapping(extension)}",
        '"""By how many working days a review may be made longer, once, at most."""',
        "",
    ]
    years = {name: span["years"] for name, span in raw["terms"]["validity"].items()}
    lines += [
        f"VALIDITY_YEARS: Final = {_mapping(years)}",
        '"""For how many years a registration is valid at most."""',
        "",
    ]
    for unit in ("months", "days"):
        spans = {name: span[unit] for name, span in raw["terms"]["renewal"].items() if unit in span}
        lines += [
            f"RENEWAL_{unit.upper()}: Final = {_mapping(spans)}",
            f'"""In how many {unit} before the end a renewal may be asked for."""',
            "",
        ]
    days = {name: span["days"] for name, span in raw["terms"]["submission"].items()}
    lines += [
        f"SUBMISSION_DAYS: Final = {_mapping(days)}",
        '"""Within how many working days after operation began an application is due."""',
        "",
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


PYTHON_HEAD: Final = (
    '"""Hold the table of the registration workflow: who may do what at which stage, and by when.',
    "",
    "Generated from registry/vocabulary/flow.json by scripts/gen_flow.py. Do not edit.",
    '"""',
    "",
    "from __future__ import annotations",
    "",
    "from enum import IntEnum, IntFlag",
    "from functools import cache",
    "from typing import Final",
    "",
    "from registry.domain.product import Profile",
    "from registry.records import dataclass",
)
PYTHON_ROW: Final = '''

@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one row of the table: at one of `stages`, one of `actors` may do `act`.

    `next` is the stage that follows, None where it stays. The act is refused until the clock
    `after` has run out and from the moment on at which `before` has; past `due` it stands and is
    overdue. `conditions` must hold as well. While `stays` holds, the stage stays after all.
    """

    profiles: tuple[Profile, ...]
    kinds: tuple[CaseKind, ...]
    stages: tuple[Stage, ...]
    act: Act
    actors: Actor
    next: Stage | None = None
    after: Clock | None = None
    before: Clock | None = None
    due: Clock | None = None
    conditions: tuple[Condition, ...] = ()
    stays: Condition | None = None

'''


def outputs(flow: Flow) -> dict[Path, str]:
    """Return every generated file with its text."""
    return {
        ROOT / "contracts" / "types" / "Flow.sol": solidity_values(flow),
        ROOT / "contracts" / "types" / "FlowTable.sol": solidity_table(flow),
        ROOT / "registry" / "domain" / "flow_table.py": python(flow),
        ROOT / "docs" / "registration.md": page(flow, "en"),
        ROOT / "docs" / "registration.zh.md": page(flow, "zh"),
        ROOT / "docs" / "registration.svg": drawing(flow, "en"),
        ROOT / "docs" / "registration.zh.svg": drawing(flow, "zh"),
    }


def main() -> int:
    """Write the files, or with ``--check`` tell which of them are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    check = parser.parse_args().check
    stale = False
    for path, text in outputs(read()).items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale = True
        print(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_text(text, encoding="utf-8")
    return int(stale and check)


if __name__ == "__main__":
    sys.exit(main())
