"""Test that every event can be told, in both languages, with a word for each of its fields."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from cli.event_shapes import event
from registry import messages
from registry.domain.anchor_events import ANCHOR_EVENTS
from registry.domain.case_events import CASE_EVENTS, CodeGiven
from registry.domain.events import EVENTS, Event, GrantRevoked, ProductRegistered
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.lineage_events import LINEAGE_EVENTS
from registry.domain.product import ParticularFlag, Profile
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Reason, Right, SecurityClass, Source

PLACE: Any = {"block": 7, "log_index": 1, "transaction": bytes(31) + b"\x01", "time": 1_790_000_000}


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize(
    "kind", [*EVENTS, *CASE_EVENTS, *LINEAGE_EVENTS, *ANCHOR_EVENTS], ids=lambda kind: kind.__name__
)
def test_every_event_has_its_words(kind: type[Event], lang: str) -> None:
    """`watch` can say what happened and name each field."""
    assert messages.has(f"event.{kind.__name__}", lang)
    for one in fields(kind):
        assert messages.has(f"cli.field.{one.name.rstrip('_')}", lang), one.name


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_explained(verdict: Verdict, lang: str) -> None:
    """Each reason against a use is said in a sentence, and what is needed in another."""
    for kind in ("said", "needed"):
        assert messages.has(f"explain.{kind}.{verdict.name}", lang)


def test_fields_are_shaped_by_what_they_are() -> None:
    """Ids are text, times ISO 8601, flags words, big numbers text, texts in bytes text."""
    registered = event(
        ProductRegistered(
            product=ProductId(bytes(20)),
            applicant=PartyId.of(1),
            content_root=b"\x01" * 32,
            metadata_hash=bytes(32),
            salt=2**60,
            rights=Right.HOLD | Right.USE,
            security_class=SecurityClass.GENERAL,
            source=Source.GENERATED,
            flags=ParticularFlag.OPERATED,
            **PLACE,
        )
    )
    told = registered["fields"]
    assert isinstance(told, dict)
    assert (told["rights"], told["flags"], told["salt"]) == (
        ["HOLD", "USE"],
        ["OPERATED"],
        str(2**60),
    )
    assert (told["metadata_hash"], told["source"]) == (None, "GENERATED")
    assert (told["product"], told["applicant"]) == (str(ProductId(bytes(20))), str(PartyId.of(1)))
    revoked = GrantRevoked(
        grant=GrantId(bytes(32)), by=PartyId.of(1), ends_at=60, reason=Reason.UNSPECIFIED, **PLACE
    )
    assert event(revoked)["fields"]["ends_at"] == "1970-01-01T00:01:00Z"  # type: ignore[index,call-overload]
    code = CodeGiven(
        product=ProductId(bytes(20)),
        code=b"SJ0012026110001",
        registrar=1,
        month=202611,
        serial=1,
        profile=Profile.PROPERTY,
        **PLACE,
    )
    assert event(code)["fields"]["code"] == "SJ0012026110001"  # type: ignore[index,call-overload]
