"""Write how wallets show each message that parties sign: descriptors after ERC-7730, version 2.

`python -m scripts.gen_erc7730` writes docs/erc7730/<message>.json; with `--check` it writes nothing
and fails where a file is not what it would write. Chain and contract differ for each deployment, so
that a descriptor binds the name and version of the signing domain alone; `dengji grant export
--format typed-data` tells both.

Wallets show a mask as a number: its label says what the bits mean. No field is hidden.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain import signing, terms, vocabulary
from registry.domain.meanings import meanings
from registry.domain.verdict import Verdict

if TYPE_CHECKING:
    from enum import IntEnum, IntFlag

    from registry.domain.signing import Struct

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "erc7730"
_SCHEMA: Final = "https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json"

_INTENTS: Final = {
    "Terms": "Agree to these terms of use of a data product",
    "Agreement": "Agree to a joint agreement of several parties",
    "Consent": "Consent to a sub-grant",
    "Ending": "Agree to end a grant",
    "Receipt": "Confirm what was used under a grant",
    "Refusal": "State that a use was refused",
    "KeyConsent": "Let this key act for a party, for ever",
}
_ENUMS: Final[dict[str, type[IntEnum]]] = {
    "form": vocabulary.Form,
    "template": vocabulary.Template,
    "mode": vocabulary.Mode,
    "subDelegation": vocabulary.SubDelegation,
    "quotaUnit": vocabulary.QuotaUnit,
    "derivedRights": vocabulary.DerivedRights,
    "priceModel": vocabulary.PriceModel,
}
_VERDICT: Final = "verdict"
_MASKS: Final[dict[str, type[IntFlag]]] = {
    "rights": vocabulary.Right,
    "environment": vocabulary.Environment,
    "actions": vocabulary.Action,
    "purposes": vocabulary.Purpose,
    "obligations": vocabulary.Obligation,
    "action": vocabulary.Action,
    "purpose": vocabulary.Purpose,
}
_DATES: Final = frozenset({"validFrom", "validUntil", "offerUntil", "endsAt", "deadline", "at"})
_LABELS: Final = {
    "parent": "Rests on grant (zero: none)",
    "depth": "Levels of sub-grants",
    "noticeDays": "Days of notice",
    "version": "Version of the product (0: every one)",
    "product": "Product",
    "grantor": "Grantor",
    "grantee": "Grantee",
    "quotaTotal": "Quota in all (0: unlimited)",
    "salt": "Number of this grant",
    "validFrom": "Valid from (1970: at once)",
    "validUntil": "Valid until (1970: open)",
    "offerUntil": "Offer lapses at (1970: never)",
    "acceptanceDays": "Days of acceptance",
    "text": "Hash of the full text",
    "agreement": "Joint agreement",
    "replaces": "Takes the place of grant",
    "scope": "Hash of field or scenario",
    "filing": "Hash of the filing",
    "serviceParty": "Service party (0: none)",
    "periodQuota": "Quota in each period (0: none)",
    "periodLength": "Length of a period",
    "currency": "Currency (ISO 4217 number)",
    "unitPrice": "Unit price, in hundredths",
    "capPrice": "Highest price, in hundredths",
    "territory": "Territory",
    "grant": "Grant",
    "endsAt": "Ends at",
    "deadline": "To be filed before",
    "cumulative": "Used in all",
    "sequence": "Number of the receipt",
    "at": "Time of what is said",
    "user": "Who was refused",
    "amount": "Amount asked for",
    "blockNumber": "Answered as of block",
    "blockHash": "Hash of that block",
    "party": "Party",
    "key": "Key",
    "kind": "Kind of key (1 controller, 2 agent)",
    "scopes": "Scopes (bits)",
}


def descriptor(struct: Struct) -> dict[str, Any]:
    """Return the descriptor of one message."""
    named = {name for _, name in _leaves(struct)}
    enums = {name: _members(_ENUMS[name]) for name in sorted(named & _ENUMS.keys())}
    if _VERDICT in named:
        enums[_VERDICT] = _verdicts()
    return {
        "$schema": _SCHEMA,
        "context": {"eip712": {"domain": {"name": terms.NAME, "version": terms.VERSION}}},
        "metadata": {
            "owner": terms.NAME,
            "enums": enums,
        },
        "display": {
            "formats": {
                struct.encoded: {
                    "intent": _INTENTS[struct.name],
                    "fields": [_field(path, name) for path, name in _leaves(struct)],
                }
            }
        },
    }


def _leaves(struct: Struct) -> list[tuple[str, str]]:
    """Return the path and the name of every field that is no struct itself."""
    nested = {one.name: one for one in struct.nested}
    found: list[tuple[str, str]] = []
    for kind, name in struct.fields:
        if kind in nested:
            found += [(f"{name}.{path}", leaf) for path, leaf in _leaves(nested[kind])]
        else:
            found.append((f"{name}.[]" if kind.endswith("[]") else name, name))
    return found


def _field(path: str, name: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"path": path, "label": _label(name), "format": "raw"}
    if name in _ENUMS or name == _VERDICT:
        shown |= {"format": "enum", "params": {"$ref": f"$.metadata.enums.{name}"}}
    elif name in _DATES:
        shown |= {"format": "date", "params": {"encoding": "timestamp"}}
    elif name == "periodLength":
        shown["format"] = "duration"
    elif name == "key":
        shown |= {"format": "addressName", "params": {"type": "eoa"}}
    return shown


def _label(name: str) -> str:
    if name in _MASKS:
        bits = ", ".join(f"{one.value} {one.name}" for one in meanings(_MASKS[name], "en"))
        return f"{name.capitalize()} (sum of: {bits})"
    if name in _ENUMS or name == _VERDICT:
        return "".join(f" {c.lower()}" if c.isupper() else c for c in name).capitalize()
    return _LABELS[name]


def _members(kind: type[IntEnum]) -> dict[str, str]:
    return {str(one.value): f"{one.name}: {one.definition}" for one in meanings(kind, "en")}


def _verdicts() -> dict[str, str]:
    return {
        str(one.value): messages.text(f"verdict.{one.name.lower().replace('_', '-')}", "en")
        for one in Verdict
    }


def files() -> dict[Path, str]:
    """Return every file with its text."""
    return {
        TARGET / f"{struct.name.lower()}.json": json.dumps(
            descriptor(struct), indent=2, ensure_ascii=False
        )
        + "\n"
        for struct in signing.STRUCTS
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` compare them."""
    wanted = files()
    if "--check" in arguments:
        stale = [
            path
            for path, text in wanted.items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        stale += [path for path in TARGET.glob("*.json") if path not in wanted]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run python -m scripts.gen_erc7730")
        return 1 if stale else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
