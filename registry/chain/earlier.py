"""Read deployments of earlier releases, whose contracts stay where they are for good.

Of each release whose interfaces differ from ours we keep what its contracts' code is, and how to
ask what is asked otherwise today. What it did not have, such as annotations, it answers as none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import deployment, wire
from registry.chain.layouts import Function
from registry.chain.reader import ChainReader
from registry.chain.states import first_product_of, use_tuple
from registry.domain.ancestry import Path
from registry.domain.case import Docket
from registry.domain.keccak import keccak
from registry.domain.ledger import Deployment
from registry.domain.product import Holding, Profile
from registry.domain.verdict import Verdict
from registry.errors import CodeUnknown, DeploymentContradicted, DeploymentUnfinished
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Rpc
    from registry.domain.annotation import Annotation
    from registry.domain.case import Case, Objection
    from registry.domain.clauses import Clauses
    from registry.domain.grant import GrantSuspension
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.keys import PartyKey, Recovery
    from registry.domain.moment import Moment
    from registry.domain.product import Product
    from registry.domain.verdict import Use

FIRST: Final = 1
"""The version of the interfaces before registration by cases."""

_IMMUTABLE_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Hold what the code of an earlier contract is: its length, and its hash without immutables.

    `immutables` are the places of the 32-byte stretches that its constructor filled in.
    """

    length: int
    immutables: tuple[int, ...]
    masked: str

    def made(self, code: bytes) -> bool:
        """Tell whether ``code`` is this contract's, whatever its immutables are."""
        blank = bytearray(code)
        for start in self.immutables:
            blank[start : start + _IMMUTABLE_BYTES] = bytes(_IMMUTABLE_BYTES)
        return len(code) == self.length and keccak(bytes(blank)).hex() == self.masked


_RELEASE_1: Final = {
    "Directory": Earlier(
        length=2604,
        immutables=(391, 1462, 1527, 1759, 2456),
        masked="a2b0ce87f22cc8228c7cf11b3432561f811c8734dd97b8134f81401e294c6184",
    ),
    "Authority": Earlier(
        length=12112,
        immutables=(),
        masked="321aa0fc11ad9be890d22a6e52ea0d93251dc2b0c61eef216fd2eba5cdcd3bea",
    ),
    "PartyRegistry": Earlier(
        length=6870,
        immutables=(375, 870),
        masked="718a4d91aa795f42298caed95aaa68378087be8853f1bf78c07bce4dfe0e3cfd",
    ),
    "ProductRegistry": Earlier(
        length=7104,
        immutables=(1321, 1731, 1922, 2134, 2972, 4122),
        masked="fef4c8d4c57c1ba7160fee33f0b9aa133dac607ac8c75e25fdceeb1783739c04",
    ),
    "GrantRegistry": Earlier(
        length=11315,
        immutables=(
            193,
            400,
            539,
            684,
            725,
            1607,
            1929,
            2397,
            3316,
            4992,
            6496,
            7917,
            10966,
            11013,
            11092,
            11130,
            11196,
        ),
        masked="2622e8933e33a87c9aa5b4fc2660a83be9e60a90c1f69723195e73197d8f11fd",
    ),
}
_PRODUCT_RECORD: Final = Function(
    "productRecord",
    bytes.fromhex("d9d31f2d"),
    ("bytes20",),
    ("(uint64,uint8,uint8,uint8,uint8,bool,uint16,uint40,uint40)",),
)
_CHECK: Final = Function(
    "check",
    bytes.fromhex("ae151788"),
    ("bytes", "(uint64,uint16,uint8,uint32,uint32,uint32,uint64,uint40)"),
    ("uint8",),
)


class FirstReader(ChainReader):
    """Read a deployment of the first release."""

    def products(
        self, products: Sequence[ProductId], *, at: Moment | None = None
    ) -> tuple[Product | None, ...]:
        """Return many products in their order: all of them are `OPEN`, and none expires."""
        asked = [self._products(_PRODUCT_RECORD, one.raw) for one in products]
        return tuple(
            None if found is None else first_product_of(product, found[0])
            for product, found in zip(products, self._values(asked, at), strict=True)
        )

    def holdings(self, product: ProductId, *, at: Moment | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""
        known = self.product(product, at=at)
        if known is None:
            return ()
        if not known.moved:
            return (Holding(party=known.applicant, rights=known.rights, since=known.since),)
        return self._recorded_holdings(product, at)

    def annotations(
        self, product: ProductId, *, at: Moment | None = None
    ) -> tuple[Annotation, ...]:
        """Return none: there were no annotations."""
        del product, at
        return ()

    def key(self, key: Address, *, at: Moment | None = None) -> PartyKey | None:
        """Return None: a key stood for its party's controller alone."""
        del key, at
        return None

    def keys(self, party: PartyId, *, at: Moment | None = None) -> tuple[PartyKey, ...]:
        """Return none: a party had its controller alone."""
        del party, at
        return ()

    def recovery(self, party: PartyId, *, at: Moment | None = None) -> Recovery | None:
        """Return None: nothing could be announced."""
        del party, at
        return None

    def docket(self, product: ProductId, *, at: Moment | None = None) -> Docket:
        """Return an empty docket: there was no desk."""
        del at
        return Docket(product=product, profile=Profile.NONE, cases=0)

    def cases(self, product: ProductId, *, at: Moment | None = None) -> tuple[Case, ...]:
        """Return none: there were no cases."""
        del product, at
        return ()

    def objections(self, product: ProductId, *, at: Moment | None = None) -> tuple[Objection, ...]:
        """Return none: nobody could object."""
        del product, at
        return ()

    def grant_suspensions(
        self, grant: GrantId, *, at: Moment | None = None
    ) -> tuple[GrantSuspension, ...]:
        """Return none: only parties were suspended."""
        del grant, at
        return ()

    def check_all(
        self, asked: Sequence[tuple[Clauses | Path, Use]], *, at: Moment | None = None
    ) -> tuple[Verdict, ...]:
        """Judge many uses at one moment; there were no grants under others."""
        moment = at or self.moment()
        questions = [
            self._grants(_CHECK, _clauses(one).pack(), use_tuple(use, moment)) for one, use in asked
        ]
        unknown = (Verdict.GRANT_UNKNOWN,)
        return tuple(Verdict((values or unknown)[0]) for values in self._values(questions, moment))


def _clauses(subject: Clauses | Path) -> Clauses:
    return subject.clauses if isinstance(subject, Path) else subject


def reader_of(rpc: Rpc, found: Deployment) -> ChainReader:
    """Return what reads a deployment, whichever release it is of."""
    kind = FirstReader if found.interface_version == FIRST else ChainReader
    return kind(rpc, found)


def find_any(rpc: Rpc, directory: Address) -> Deployment:
    """Return the deployment of a directory, of this release or an earlier one.

    :raises ChainError: as `deployment.find` does.
    """
    record = deployment.records(rpc, directory, unknown_build=True)
    if record.interface_version != FIRST:
        return deployment.find(rpc, directory)
    made = deployment.located(record.entries)
    if not record.sealed_at or not made.keys() >= _RELEASE_1.keys() - {"Directory"}:
        raise DeploymentUnfinished(directory=str(directory), made=sorted(made))
    _verify(rpc, directory, record)
    return Deployment(
        chain_id=record.chain_id,
        directory=directory,
        parties=made["PartyRegistry"],
        products=made["ProductRegistry"],
        grants=made["GrantRegistry"],
        interface_version=record.interface_version,
        block=record.block,
        predecessor=record.predecessor,
        authority=made["Authority"],
    )


def _verify(rpc: Rpc, directory: Address, record: deployment.Records) -> None:
    """Compare the code of each contract with the release's, and with what the directory says."""
    places = {"Directory": directory, **deployment.located(record.entries)}
    hashes = {entry.name: entry.code_hash for entry in record.entries}
    codes = rpc.batch([("eth_getCode", (places[name].hex, "latest")) for name in _RELEASE_1])
    for (name, earlier), answer in zip(_RELEASE_1.items(), codes, strict=True):
        code = rpc.shaped("eth_getCode", answer, wire.data)
        if not earlier.made(code):
            raise CodeUnknown(name=name, address=str(places[name]), code_hash=keccak(code))
        if hashes.get(name, keccak(code)) != keccak(code):
            raise DeploymentContradicted(contract=name, address=str(places[name]))
