"""Hash the terms of a grant as EIP-712 says; the digest is the grant's id.

The type is complete from the start, so that ids never change their meaning:
`Terms{parent, clauses}` under the domain {name "Dengji", version "1", chainId, verifyingContract},
where `verifyingContract` is the registry of grants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.ids import GrantId
from registry.domain.keccak import keccak
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.ids import Address

NAME: Final = "Dengji"
VERSION: Final = "1"

CLAUSES: Final = (
    ("uint8", "form"),
    ("uint8", "template"),
    ("uint8", "mode"),
    ("uint8", "rights"),
    ("uint8", "subDelegation"),
    ("uint8", "depth"),
    ("uint8", "noticeDays"),
    ("uint8", "environment"),
    ("uint8", "quotaUnit"),
    ("uint16", "version"),
    ("bytes20", "product"),
    ("uint64", "grantor"),
    ("uint64", "grantee"),
    ("uint64", "quotaTotal"),
    ("uint64", "salt"),
    ("uint40", "validFrom"),
    ("uint40", "validUntil"),
    ("uint32", "actions"),
    ("uint32", "purposes"),
    ("uint32", "obligations"),
    ("uint40", "offerUntil"),
    ("uint16", "acceptanceDays"),
    ("uint8", "derivedRights"),
    ("bytes32", "text"),
    ("bytes32", "agreement"),
    ("bytes32", "replaces"),
    ("bytes32", "scope"),
    ("bytes32", "filing"),
    ("uint64", "serviceParty"),
    ("uint64", "periodQuota"),
    ("uint32", "periodLength"),
    ("uint8", "priceModel"),
    ("uint16", "currency"),
    ("uint64", "unitPrice"),
    ("uint64", "capPrice"),
    ("uint32[]", "territory"),
)
"""Type and name of every clause, in the order of the EIP-712 type."""

CLAUSES_TYPE: Final = f"Clauses({','.join(f'{kind} {name}' for kind, name in CLAUSES)})"
TERMS_TYPE: Final = f"Terms(bytes32 parent,Clauses clauses){CLAUSES_TYPE}"

Raw = int | bytes | tuple[int, ...]
"""A clause as it is hashed: a number, bytes of the type's length, or a list of numbers."""

DOMAIN: Final = (
    ("string", "name"),
    ("string", "version"),
    ("uint256", "chainId"),
    ("address", "verifyingContract"),
)
"""Type and name of what a signing domain holds."""

DOMAIN_TYPE: Final = f"EIP712Domain({','.join(f'{kind} {name}' for kind, name in DOMAIN)})"
_DOMAIN_HEAD: Final = b"".join(keccak(text.encode()) for text in (DOMAIN_TYPE, NAME, VERSION))
_CLAUSES_TYPEHASH: Final = keccak(CLAUSES_TYPE.encode())
_TERMS_TYPEHASH: Final = keccak(TERMS_TYPE.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningDomain:
    """Hold where a signature or a grant id is good: one registry of grants on one chain."""

    chain_id: int
    verifying_contract: Address

    @property
    def separator(self) -> bytes:
        """Return the domain separator of EIP-712, 32 bytes."""
        contract = self.verifying_contract.raw.rjust(32, b"\0")
        return keccak(_DOMAIN_HEAD + self.chain_id.to_bytes(32) + contract)


def clauses_hash(raw: Mapping[str, Raw]) -> bytes:
    """Return the EIP-712 hash of clauses, given by their names in the type."""
    return keccak(_CLAUSES_TYPEHASH + b"".join(_word(raw[name]) for _, name in CLAUSES))


def terms_digest(domain: SigningDomain, parent: GrantId | None, clauses: bytes) -> GrantId:
    """Return the digest of the terms: clauses, by their hash, under a parent or none."""
    above = bytes(32) if parent is None else parent.raw
    terms = keccak(_TERMS_TYPEHASH + above + clauses)
    return GrantId(keccak(b"\x19\x01" + domain.separator + terms))


def typed_data(
    domain: SigningDomain, parent: GrantId | None, raw: Mapping[str, Raw]
) -> dict[str, Any]:
    """Return the terms as wallets take them for `eth_signTypedData_v4`."""
    return {
        "types": {
            "EIP712Domain": [{"name": name, "type": kind} for kind, name in DOMAIN],
            "Terms": [
                {"name": "parent", "type": "bytes32"},
                {"name": "clauses", "type": "Clauses"},
            ],
            "Clauses": [{"name": name, "type": kind} for kind, name in CLAUSES],
        },
        "primaryType": "Terms",
        "domain": {
            "name": NAME,
            "version": VERSION,
            "chainId": domain.chain_id,
            "verifyingContract": str(domain.verifying_contract),
        },
        "message": {
            "parent": "0x" + (bytes(32) if parent is None else parent.raw).hex(),
            "clauses": {name: _json(raw[name]) for _, name in CLAUSES},
        },
    }


def _word(value: Raw) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(32)
    if isinstance(value, bytes):
        return value.ljust(32, b"\0")
    return keccak(b"".join(item.to_bytes(32) for item in value))


def _json(value: Raw) -> object:
    if isinstance(value, int):
        # JavaScript's numbers are exact to 2**53 only.
        return str(int(value))
    return "0x" + value.hex() if isinstance(value, bytes) else [str(item) for item in value]
