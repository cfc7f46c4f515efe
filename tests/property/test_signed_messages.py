"""Test that no field of a signed message can be changed without its signature failing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from registry.chain.signatures import recover, sign_typed
from registry.chain.signer import LocalSigner
from registry.domain.clauses import Clauses
from registry.domain.signing import CLAUSES, Message, Struct
from registry.domain.terms import SigningDomain
from tests import strategies
from tests.signed import messages

SIGNER = LocalSigner(bytes.fromhex("11" * 32))


def flipped(kind: str, value: Any) -> Any:  # noqa: ANN401 (a field of any kind)
    """Return another value of a field's type, one bit away from the one given."""
    if kind.endswith("[]"):
        return (*value, 1) if len(value) < 3 else value[:-1]
    if kind.startswith("uint"):
        number = int.from_bytes(value) if isinstance(value, bytes) else int(value)
        return number ^ 1
    raw = bytearray(value if isinstance(value, bytes) else value.raw)
    raw[-1] ^= 1
    return bytes(raw)


def changed(struct: Struct, values: dict[str, Any], place: int) -> dict[str, Any]:
    """Return the values of a struct with its field of this place changed, nested ones counted."""
    for kind, name in struct.fields:
        nested = next((one for one in struct.nested if one.name == kind), None)
        size = len(nested.fields) if nested else 1
        if place < size:
            inner = changed(nested, values[name], place) if nested else flipped(kind, values[name])
            return {**values, name: inner}
        place -= size
    raise IndexError(place)


def places(struct: Struct) -> int:
    """Return how many fields a struct has, those of nested ones counted."""
    nested = {one.name: len(one.fields) for one in struct.nested}
    return sum(nested.get(kind, 1) for kind, _ in struct.fields)


@given(messages, strategies.domains, st.data())
def test_every_field_counts(message: Message, domain: SigningDomain, data: st.DataObject) -> None:
    """With any one field changed, the signature is no longer the signer's."""
    signature = sign_typed(SIGNER, message, domain)
    place = data.draw(st.integers(0, places(message.struct) - 1))
    altered = changed(message.struct, message.values(), place)
    assert message.struct.hash(altered) != message.struct.hash(message.values())

    class Altered(Message):
        """Be the message with the changed field."""

        __slots__ = ()
        struct = message.struct

        def values(self) -> dict[str, Any]:
            """Return the changed fields."""
            return altered

    assert recover(Altered().digest(domain), signature) != SIGNER.address


@given(strategies.clauses())
def test_every_clause_is_signed(clauses: Clauses) -> None:
    """What is signed has a place for each value that clauses hold, and for no other."""
    assert set(clauses.raw()) == {name for _, name in CLAUSES.fields}
