"""Say what parties sign apart from a transaction, as EIP-712 has it: types, digests, wallets' JSON.

Each kind of message is a value with its struct type. Its digest is always reckoned from its fields;
no digest that comes from elsewhere is ever signed.

    Terms        the complete terms of a grant; the digest is the grant's id   (registry of grants)
    Agreement    the joint agreement that several grants share                 (registry of grants)
    Consent      a grantor's consent to one sub-grant                          (registry of grants)
    Ending       both sides' will that a grant ends at a time                  (registry of grants)
    Receipt      what was used under a grant so far                            (meter of usage)
    KeyConsent   a key's consent to belong to a party                          (registry of parties)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from registry.domain import terms
from registry.domain.clauses import Clauses
from registry.domain.ids import GrantId, Identifier
from registry.domain.keccak import keccak
from registry.domain.vocabulary import Action, Purpose
from registry.errors import MessageRefused
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.ids import Address, PartyId
    from registry.domain.terms import SigningDomain

_WORD: Final = 32
_ADDRESS_BYTES: Final = 20


@dataclass(frozen=True, slots=True)
class Struct:
    """Hold a struct type of EIP-712: its name, the type and name of its fields, nested structs."""

    name: str
    fields: tuple[tuple[str, str], ...]
    nested: tuple[Struct, ...] = ()

    @property
    def encoded(self) -> str:
        """Return the type as it is hashed: its own fields, then nested types by their names.

        >>> CONSENT.encoded
        'Consent(bytes32 grant)'
        """
        inner = sorted(self.nested, key=lambda one: one.name)
        return "".join(
            f"{one.name}({','.join(f'{kind} {name}' for kind, name in one.fields)})"
            for one in (self, *inner)
        )

    @property
    def type_hash(self) -> bytes:
        """Return the hash of the type, 32 bytes."""
        return keccak(self.encoded.encode())

    def hash(self, values: Mapping[str, Any]) -> bytes:
        """Return the hash of a struct with these values; raises `MessageRefused`."""
        words = [self._word(kind, name, values[name]) for kind, name in self.fields]
        return keccak(self.type_hash + b"".join(words))

    def json(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as wallets take them: numbers as decimal text, bytes as 0x and digits."""
        return {name: self._json(kind, values[name]) for kind, name in self.fields}

    def _word(self, kind: str, name: str, value: Any) -> bytes:  # noqa: ANN401 (by its kind)
        inner = next((one for one in self.nested if one.name == kind), None)
        if inner is not None:
            return inner.hash(value)
        if kind.endswith("[]"):
            return keccak(b"".join(self._word(kind[:-2], name, item) for item in value))
        raw = value.raw if isinstance(value, Identifier) else value
        if kind.startswith("uint"):
            return self._number(int(kind[4:]), name, raw)
        size = _ADDRESS_BYTES if kind == "address" else int(kind[5:])
        if not isinstance(raw, bytes) or len(raw) != size:
            raise MessageRefused(message=self.name, field=name, given=str(value))
        return raw.rjust(_WORD, b"\0") if kind == "address" else raw.ljust(_WORD, b"\0")

    def _number(self, bits: int, name: str, value: Any) -> bytes:  # noqa: ANN401 (checked here)
        number = int.from_bytes(value) if isinstance(value, bytes) else int(value)
        if not 0 <= number < 1 << bits:
            raise MessageRefused(message=self.name, field=name, given=str(number))
        return number.to_bytes(_WORD)

    def _json(self, kind: str, value: Any) -> object:  # noqa: ANN401 (by its kind)
        inner = next((one for one in self.nested if one.name == kind), None)
        if inner is not None:
            return inner.json(value)
        if kind.endswith("[]"):
            return [self._json(kind[:-2], item) for item in value]
        if kind.startswith("uint"):
            # JavaScript's numbers are exact to 2**53 only.
            return str(int(value))
        raw = value.raw if isinstance(value, Identifier) else value
        return str(value) if kind == "address" else "0x" + raw.hex()


CLAUSES: Final = Struct("Clauses", terms.CLAUSES)
TERMS: Final = Struct("Terms", (("bytes32", "parent"), ("Clauses", "clauses")), (CLAUSES,))
AGREEMENT: Final = Struct("Agreement", (("bytes32", "agreement"), ("uint40", "offerUntil")))
CONSENT: Final = Struct("Consent", (("bytes32", "grant"),))
ENDING: Final = Struct(
    "Ending", (("bytes32", "grant"), ("uint40", "endsAt"), ("uint40", "deadline"))
)
RECEIPT: Final = Struct(
    "Receipt",
    (
        ("bytes32", "grant"),
        ("uint64", "cumulative"),
        ("uint32", "sequence"),
        ("uint32", "purpose"),
        ("uint32", "action"),
        ("uint40", "at"),
    ),
)
KEY_CONSENT: Final = Struct(
    "KeyConsent",
    (
        ("uint64", "party"),
        ("address", "key"),
        ("uint8", "kind"),
        ("uint16", "scopes"),
        ("uint40", "validUntil"),
        ("uint40", "deadline"),
    ),
)
REFUSAL: Final = Struct(
    "Refusal",
    (
        ("bytes32", "grant"),
        ("uint64", "user"),
        ("uint32", "purpose"),
        ("uint32", "action"),
        ("uint64", "amount"),
        ("uint8", "verdict"),
        ("uint40", "blockNumber"),
        ("bytes32", "blockHash"),
        ("uint40", "at"),
    ),
)
STRUCTS: Final = (TERMS, AGREEMENT, CONSENT, ENDING, RECEIPT, REFUSAL, KEY_CONSENT)
"""Every type that is signed here."""


class Message:
    """Be something that a party signs."""

    __slots__ = ()
    struct: ClassVar[Struct]

    def values(self) -> dict[str, Any]:
        """Return the fields by their names in the type."""
        raise NotImplementedError

    def digest(self, domain: SigningDomain) -> bytes:
        """Return the 32 bytes that are signed; raises `MessageRefused` for what fits no field."""
        return keccak(b"\x19\x01" + domain.separator + self.struct.hash(self.values()))

    def typed_data(self, domain: SigningDomain) -> dict[str, Any]:
        """Return the message as wallets take it for `eth_signTypedData_v4`."""
        structs = (self.struct, *self.struct.nested)
        return {
            "types": {
                "EIP712Domain": [{"name": name, "type": kind} for kind, name in terms.DOMAIN],
                **{
                    one.name: [{"name": name, "type": kind} for kind, name in one.fields]
                    for one in structs
                },
            },
            "primaryType": self.struct.name,
            "domain": {
                "name": terms.NAME,
                "version": terms.VERSION,
                "chainId": domain.chain_id,
                "verifyingContract": str(domain.verifying_contract),
            },
            "message": self.struct.json(self.values()),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Message):
    """Hold the complete terms of a grant, under a parent or under none."""

    struct: ClassVar[Struct] = TERMS
    clauses: Clauses
    parent: GrantId | None = None

    def values(self) -> dict[str, Any]:
        """Return the parent, zero for none, and every clause."""
        above = bytes(_WORD) if self.parent is None else self.parent.raw
        return {"parent": above, "clauses": self.clauses.raw()}

    def grant(self, domain: SigningDomain) -> GrantId:
        """Return the id of the grant with these terms."""
        return GrantId(self.digest(domain))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Message):
    """Hold the hash of a joint agreement, 32 bytes, and until when it can be filed."""

    struct: ClassVar[Struct] = AGREEMENT
    agreement: bytes
    offer_until: int

    def values(self) -> dict[str, Any]:
        """Return hash and time."""
        return {"agreement": self.agreement, "offerUntil": self.offer_until}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Message):
    """Hold the sub-grant that its parent's grantor consents to."""

    struct: ClassVar[Struct] = CONSENT
    grant: GrantId

    def values(self) -> dict[str, Any]:
        """Return the sub-grant."""
        return {"grant": self.grant}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Message):
    """Hold when a grant is to end by consent, and until when that can be filed."""

    struct: ClassVar[Struct] = ENDING
    grant: GrantId
    ends_at: int
    deadline: int

    def values(self) -> dict[str, Any]:
        """Return grant and times, in seconds since 1970."""
        return {"grant": self.grant, "endsAt": self.ends_at, "deadline": self.deadline}


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageReceipt(Message):
    """Hold what was used under a grant from its beginning until `at`, for one purpose and action.

    `sequence` counts the receipts of a grant; `cumulative` is in units of its quota and never
    falls.
    """

    struct: ClassVar[Struct] = RECEIPT
    grant: GrantId
    cumulative: int
    sequence: int
    purpose: Purpose
    action: Action
    at: int

    def values(self) -> dict[str, Any]:
        """Return every field."""
        return {
            "grant": self.grant,
            "cumulative": self.cumulative,
            "sequence": self.sequence,
            "purpose": self.purpose,
            "action": self.action,
            "at": self.at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyConsent(Message):
    """Hold that a key consents to belong to a party, which is for ever.

    `kind` and `scopes` are the numbers of the contracts; `valid_until` is 0 without an end.
    """

    struct: ClassVar[Struct] = KEY_CONSENT
    party: PartyId
    key: Address
    kind: int
    scopes: int
    valid_until: int
    deadline: int

    def values(self) -> dict[str, Any]:
        """Return every field."""
        return {
            "party": int(self.party),
            "key": self.key,
            "kind": self.kind,
            "scopes": self.scopes,
            "validUntil": self.valid_until,
            "deadline": self.deadline,
        }


def agreement_hash(clauses_hashes: list[bytes]) -> bytes:
    """Return the hash of a joint agreement: of the hashes of its clauses in ascending order.

    Each clauses hash is taken with the agreement clause left empty, since it names this hash.
    """
    return keccak(b"".join(sorted(clauses_hashes)))
