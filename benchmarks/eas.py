"""Do on the Ethereum Attestation Service what the registry is for, and say what it costs in gas.

A product is an attestation to its holder of two digests and an address, referring to the
attestation of its parent; or of two digests and nothing else. A grant is an attestation to the
grantee of product, window, purposes and quota. No schema has a resolver, which would cost more;
each attestation can be revoked and has no end, since that takes no slot more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchmarks.hand import Hand, told
from benchmarks.packages import Package
from benchmarks.payloads import GrantFields, ProductFields, word
from registry.chain import abi
from registry.chain.signer import LocalSigner
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.calls import Landed

PACKAGE: Final = "@ethereum-attestation-service/eas-contracts"
PRODUCT: Final = "bytes32 contentRoot,bytes32 metadataHash,string uri"
DIGESTS: Final = "bytes32 contentRoot,bytes32 metadataHash"
GRANT: Final = (
    "bytes32 product,uint40 validFrom,uint40 validUntil,uint32 purposes,uint8 quotaUnit,"
    "uint64 quotaTotal"
)
_NONE: Final = bytes(32)
_NOBODY: Final = bytes(20)
_PRESENT: Final = 10
_SIGNED: Final = (
    *("bytes32", "address", "bytes32", "address", "uint64", "bool", "bytes32", "bytes32"),
    *("uint256", "uint256", "uint64"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """Hold what is attested under a schema: to whom, of what other attestation, and the data."""

    schema: bytes
    data: bytes
    recipient: bytes
    refers: bytes = _NONE

    @property
    def request(self) -> tuple[AbiValue, ...]:
        """Return the struct `AttestationRequestData`: revocable, without an end or a value."""
        return self.recipient, 0, True, self.refers, self.data, 0


class Eas:
    """Attest with one account."""

    def __init__(self, hand: Hand, package: Package) -> None:
        """Create the contracts and register the schemas."""
        self._hand = hand
        self._schemas = hand.place(package.contract("SchemaRegistry"))
        self.service = hand.place(package.contract("EAS"), self._schemas.address.raw)
        self._attested = self.service.contract.topic("Attested")
        self._product, self._digests, self._grant = map(self._schema, (PRODUCT, DIGESTS, GRANT))

    def measure(self, now: int, sizes: Sequence[int]) -> dict[str, float]:
        """Return the gas of each task, and for each of a batch of each size.

        :param now: the chain's time.
        """
        parent = self._present(now)
        gas = {
            "product": self._attest(self.product(parent)),
            "digests": self._attest(self.digests()),
            "product_to_nobody": self._attest(replace(self.product(parent), recipient=_NOBODY)),
            "digests_to_nobody": self._attest(replace(self.digests(), recipient=_NOBODY)),
            "grant": self._attest(self.grant(now)),
            "delegated": self._by_delegation(self.grant(now)),
            "revoke": self._revoke(self._uid(self.grant(now))),
            "timestamp": self._do("timestamp", word()).gas_used,
        }
        costs: dict[str, float] = dict(gas)
        for size in sizes:
            costs |= {f"{task}_{size}": used / size for task, used in self._many(parent, now, size)}
        return costs

    def product(self, parent: bytes) -> Attested:
        """Return a product of random digests and address, under a parent."""
        told_of = ProductFields()
        values = (told_of.content_root, told_of.metadata_hash, told_of.locator)
        data = abi.encode(_fields(PRODUCT), values)
        holder = self._hand.account
        return Attested(schema=self._product, data=data, recipient=holder, refers=parent)

    def digests(self) -> Attested:
        """Return a product of two random digests."""
        told_of = ProductFields()
        data = abi.encode(_fields(DIGESTS), (told_of.content_root, told_of.metadata_hash))
        return Attested(schema=self._digests, data=data, recipient=self._hand.account)

    def grant(self, now: int) -> Attested:
        """Return a grant to a random grantee."""
        said = GrantFields.since(now)
        values = (
            *(word(), said.window.start, said.window.until),
            *(int(said.purposes), int(said.quota.unit), said.quota.total),
        )
        data = abi.encode(_fields(GRANT), values)
        return Attested(schema=self._grant, data=data, recipient=word()[:20])

    def together(self, items: Sequence[Attested]) -> tuple[AbiValue, ...]:
        """Return the arguments of `multiAttest` for attestations of one schema."""
        return ([(items[0].schema, [item.request for item in items])],)

    def _present(self, now: int) -> bytes:
        """Make what is there before anything is measured; return one product's id."""
        uid = self._uid(self.product(_NONE))
        for _ in range(_PRESENT - 1):
            self._attest(self.product(uid))
        for _ in range(_PRESENT):
            self._attest(self.digests())
            self._attest(self.grant(now))
        return uid

    def _many(self, parent: bytes, now: int, size: int) -> list[tuple[str, int]]:
        """Return the gas of each task for so many items in one transaction."""
        products, digests, grants = (
            self._multi([self.product(parent) for _ in range(size)]),
            self._multi([self.digests() for _ in range(size)]),
            self._multi([self.grant(now) for _ in range(size)]),
        )
        made = told(grants, self._attested)
        ended = self._do("multiRevoke", [(self._grant, [(log.data, 0) for log in made])])
        stamped = self._do("multiTimestamp", [word() for _ in range(size)])
        landed = (products, digests, grants, ended, stamped)
        names = ("product", "digests", "grant", "revoke", "timestamp")
        return [(name, one.gas_used) for name, one in zip(names, landed, strict=True)]

    def _multi(self, items: Sequence[Attested]) -> Landed:
        landed = self._do("multiAttest", *self.together(items))
        if len(told(landed, self._attested)) != len(items):
            raise AssertionError("attestations are missing")
        return landed

    def _attest(self, item: Attested) -> int:
        return self._do("attest", (item.schema, item.request)).gas_used

    def _uid(self, item: Attested) -> bytes:
        (log,) = told(self._do("attest", (item.schema, item.request)), self._attested)
        return log.data

    def _revoke(self, uid: bytes) -> int:
        return self._do("revoke", (self._grant, (uid, 0))).gas_used

    def _by_delegation(self, item: Attested) -> int:
        """Attest for one who only signs; the second time, since the first makes its counter."""
        signer = LocalSigner(word())
        gas = 0
        for nonce in (0, 1):
            signature = signer.sign_digest(self._digest(item, signer, nonce))
            split = (signature[64], signature[:32], signature[32:64])
            request = (item.schema, item.request, split, signer.address.raw, 0)
            gas = self._do("attestByDelegation", request).gas_used
        return gas

    def _digest(self, item: Attested, signer: LocalSigner, nonce: int) -> bytes:
        """Return the EIP-712 digest of an attestation."""
        kind = self._hand.ask(self.service, "getAttestTypeHash")
        separator = self._hand.ask(self.service, "getDomainSeparator")
        recipient, expires, revocable, refers, data, value = item.request
        values = (
            *(kind, signer.address.raw, item.schema, recipient, expires, revocable, refers),
            *(keccak(data), value, nonce, 0),
        )
        return keccak(b"\x19\x01" + separator + keccak(abi.encode(_SIGNED, values)))

    def _do(self, function: str, *arguments: AbiValue) -> Landed:
        return self._hand.do(self.service, function, *arguments)

    def _schema(self, text: str) -> bytes:
        revocable = True
        self._hand.do(self._schemas, "register", text, _NOBODY, revocable)
        return keccak(text.encode() + _NOBODY + b"\x01")


def _fields(schema: str) -> list[str]:
    """Return the types of a schema's fields."""
    return [one.split()[0] for one in schema.split(",")]
