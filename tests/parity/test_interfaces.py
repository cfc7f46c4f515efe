"""Compare what Python mirrors of the contracts with their ABI and sources, one to one."""

import json
import re
from enum import IntEnum, IntFlag
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import registry
from registry import reverts
from registry.domain import (
    case,
    case_events,
    clauses,
    events,
    flow_table,
    grant,
    party,
    product,
    verdict,
    vocabulary,
)
from registry.domain.anchor_events import ANCHOR_EVENTS
from registry.domain.keccak import keccak
from registry.domain.lineage_events import LINEAGE_EVENTS
from registry.domain.terms import CLAUSES_TYPE, TERMS_TYPE
from registry.errors import ContractRevert

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = Path(registry.__file__).with_name("artifacts")
SOURCES = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "contracts").rglob("*.sol")
}
CONTRACTS = (
    "PartyRegistry",
    "ProductRegistry",
    "GrantRegistry",
    "GrantJudge",
    "UsageMeter",
    "WorkCalendar",
    "CertificateRegistry",
    "RegistrationDesk",
    "Lineage",
    "BatchAnchor",
    "Directory",
)

ERRING = (
    *CONTRACTS,
    "Authority",
    "ApplicationJudge",
    "CertificateRegistry",
    "RegistrationDesk",
)
# Events of the libraries that the contracts stand on; they say nothing about parties or products.
FOREIGN = {"AuthorityUpdated", "EIP712DomainChanged"}
# What one word of an event carries.
PACKED = {
    "particulars": ["salt", "rights", "security_class", "source", "flags"],
    "usage": ["environment", "purpose", "action", "territory", "amount"],
    "receipt": ["cumulative", "sequence", "purpose", "action", "at"],
    "place": ["index", "since"],
}
RENAMED = {"from": "from_", "class": "security_class", "selector": "function"}

ENUMS: tuple[type[IntEnum], ...] = (
    case.Outcome,
    clauses.Clause,
    flow_table.Act,
    flow_table.CaseKind,
    flow_table.Stage,
    grant.GrantOrigin,
    grant.GrantStage,
    party.Enrolment,
    party.KeyKind,
    party.Standing,
    product.ProductState,
    product.Profile,
    verdict.Verdict,
    vocabulary.Activity,
    vocabulary.AnnotationKind,
    vocabulary.DerivedRights,
    vocabulary.Form,
    vocabulary.Mode,
    vocabulary.PriceModel,
    vocabulary.QuotaUnit,
    vocabulary.Reason,
    vocabulary.SecurityClass,
    vocabulary.Source,
    vocabulary.SubDelegation,
    vocabulary.Template,
)

MASKS: tuple[tuple[str, type[IntFlag]], ...] = (
    ("Action", vocabulary.Action),
    ("Environment", vocabulary.Environment),
    ("Obligation", vocabulary.Obligation),
    ("ParticularFlags", product.ParticularFlag),
    ("Purpose", vocabulary.Purpose),
    ("Rights", vocabulary.Right),
    ("Role", party.Role),
    ("Scope", party.Scope),
)


def abi(kind: str, contracts: tuple[str, ...] = CONTRACTS) -> dict[str, list[dict[str, Any]]]:
    """Return the inputs of the ABI's entries of a kind, by name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for contract in contracts:
        artifact = json.loads((ARTIFACTS / f"{contract}.json").read_bytes())
        found |= {
            entry["name"]: entry["inputs"] for entry in artifact["abi"] if entry["type"] == kind
        }
    return found


def names(inputs: list[dict[str, Any]]) -> list[str]:
    """Return parameters by the names that Python has for them."""
    snake = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", given["name"]).lower() for given in inputs]
    return [RENAMED.get(name, name) for name in snake]


def test_every_error_of_the_abi_has_its_exception() -> None:
    """Errors and exceptions match by name, fields in order, signature and selector."""
    errors = abi("error", ERRING)
    assert {kind.__name__ for kind in reverts.REVERTS} == errors.keys()
    for kind in reverts.REVERTS:
        inputs = errors[kind.__name__]
        assert kind.signature == f"{kind.__name__}({','.join(given['type'] for given in inputs)})"
        assert kind.selector == keccak(kind.signature.encode())[:4]
        assert list(kind.field_names) == names(inputs)
        assert len(kind.kinds) == len(inputs)
        assert reverts.BY_SELECTOR[kind.selector] is kind


@pytest.mark.parametrize("kind", reverts.REVERTS, ids=lambda kind: kind.__name__)
def test_every_exception_is_made_of_abi_values(kind: type[ContractRevert]) -> None:
    """Decoded values, in ABI order, make the exception, ready for JSON."""
    values = {
        "address": bytes(20),
        "bool": False,
        "string": "",
        "bytes": b"",
    }
    inputs = abi("error", ERRING)[kind.__name__]
    sized = {f"bytes{size}": bytes(size) for size in range(1, 33)}
    given = [(values | sized).get(parameter["type"], 0) for parameter in inputs]
    made = kind.of(*given)
    assert json.loads(json.dumps(made.fields)).keys() == set(kind.field_names)
    assert str(made)


def test_every_event_of_the_abi_has_its_class() -> None:
    """Events and classes match by name and by fields in order."""
    found = {name: inputs for name, inputs in abi("event").items() if name not in FOREIGN}
    kinds = (*events.EVENTS, *case_events.CASE_EVENTS, *LINEAGE_EVENTS, *ANCHOR_EVENTS)
    assert {kind.__name__ for kind in kinds} == found.keys()
    for kind in kinds:
        unpacked = [PACKED.get(name, [name]) for name in names(found[kind.__name__])]
        assert list(kind.__annotations__) == list(chain.from_iterable(unpacked))


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_enumerations_equal_those_of_the_sources(kind: type[IntEnum]) -> None:
    """Each member has the name and the place that Solidity gives it."""
    bodies = re.findall(rf"enum {kind.__name__} \{{([^}}]*)\}}", "\n".join(SOURCES.values()))
    assert len(bodies) == 1
    listed = re.sub(r"//[^\n]*", "", bodies[0])
    members = [name.strip() for name in listed.split(",")]
    assert [member.name for member in kind] == members
    assert [member.value for member in kind] == list(range(len(members)))


@pytest.mark.parametrize(("library", "kind"), MASKS)
def test_masks_equal_those_of_the_sources(library: str, kind: type[IntFlag]) -> None:
    """Each bit has the name that Solidity gives it, and ALL is all of them."""
    bodies = re.findall(
        rf"^library {library} \{{(.*?)^\}}", "\n".join(SOURCES.values()), re.MULTILINE | re.DOTALL
    )
    assert len(bodies) == 1
    bits = re.findall(r"constant (\w+) = 1 << (\d+);", bodies[0])
    assert [(member.name, member.value) for member in kind] == [
        (name, 1 << int(bit)) for name, bit in bits
    ]
    assert kind["ALL"] == sum(kind)


def test_the_type_of_the_terms_equals_the_sources() -> None:
    """The EIP-712 types that are hashed are those of the contract, to the character."""
    codec = SOURCES["ClausesCodec.sol"]
    assert f'"{CLAUSES_TYPE}"' in codec
    assert f'"{TERMS_TYPE}"' in codec
