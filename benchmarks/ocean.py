"""Do on Ocean Protocol what the registry is for, and say what it costs in gas.

A product is a data NFT with a datatoken, made by the factory in one transaction, its URI that of
the payload, and its metadata, set in a second one: a DDO of 2 KB of random bytes, as compressed and
encrypted ones are. Its use is an order: the consumer pays one datatoken, or takes it from a
dispenser in the same step. Neither market nor provider asks a fee, which would cost more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.hand import Hand, Placed, told
from benchmarks.packages import Package
from benchmarks.payloads import locator, word
from registry.chain.signer import LocalSigner
from registry.domain.ids import Address
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.calls import Landed

PACKAGE: Final = "@oceanprotocol/contracts"
DDO: Final = 2048
_NOBODY: Final = bytes(20)
_TOKEN: Final = 10**18
_CAP: Final = 10**24
_PRESENT: Final = 10
_PREFIX: Final = b"\x19Ethereum Signed Message:\n32"
_PLAIN, _ENTERPRISE = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Hold what making a product took, in gas, and its datatoken."""

    created: int
    described: int
    token: Address


class Ocean:
    """Publish and order with one account."""

    def __init__(self, hand: Hand, package: Package) -> None:
        """Create the contracts as a deployment has them."""
        self._hand = hand
        self._nft = package.contract("templates/ERC721Template")
        self._token = package.contract("templates/ERC20Template")
        self._enterprise = package.contract("templates/ERC20TemplateEnterprise")
        self._provider = LocalSigner(word())
        owner = hand.account
        ocean = hand.place(package.contract("utils/mock/MockOcean"), owner)
        collector = package.contract("communityFee/OPFCommunityFeeCollector")
        fees = hand.place(collector, owner, owner).address.raw
        router = package.contract("pools/FactoryRouter")
        self._router = hand.place(router, owner, ocean.address.raw, word()[:20], fees, [])
        templates = (hand.place(one).address.raw for one in (self._nft, self._token))
        factory = package.contract("ERC721Factory")
        self._factory = hand.place(factory, *templates, self._router.address.raw)
        hand.do(self._router, "addFactory", self._factory.address.raw)
        enterprise = hand.place(self._enterprise).address.raw
        hand.do(self._factory, "addTokenTemplate", enterprise)
        dispenser = package.contract("pools/dispenser/Dispenser")
        self._dispenser = hand.place(dispenser, self._router.address.raw)
        hand.do(self._router, "addDispenserContract", self._dispenser.address.raw)

    def measure(self) -> dict[str, float]:
        """Return the gas of each task, and of the steps of a product."""
        for _ in range(_PRESENT):
            self._order(self._stocked(self._publish(_PLAIN)))
        published = self._publish(_PLAIN)
        token = self._stocked(published)
        orders = [self._order(token).gas_used for _ in range(2)]
        return {
            "product": published.created + published.described,
            "product_created": published.created,
            "product_described": published.described,
            "product_without_token": self._at_once(),
            "order": orders[0],
            "order_again": orders[1],
            "order_dispensed": self._dispensed(),
        }

    def _publish(self, template: int) -> Published:
        """Make an NFT with a datatoken in one transaction, and set its metadata in another."""
        made = self._do("createNftWithErc20", self._nft_fields(), self._token_fields(template))
        (nft,) = told(made, self._factory.contract.topic("NFTCreated"))
        (token,) = told(made, self._factory.contract.topic("TokenCreated"))
        at = Placed(contract=self._nft, address=Address(nft.data[12:32]))
        described = self._hand.do(at, "setMetaData", *_metadata())
        return Published(
            created=made.gas_used,
            described=described.gas_used,
            token=Address(token.words[0][12:]),
        )

    def _at_once(self) -> int:
        """Make an NFT with its metadata in one transaction, and no datatoken to order with."""
        return self._do("createNftWithMetaData", self._nft_fields(), _metadata()).gas_used

    def _stocked(self, published: Published) -> Placed:
        """Give the account datatokens to pay with."""
        token = Placed(contract=self._token, address=published.token)
        self._hand.do(token, "mint", self._hand.account, 10 * _TOKEN)
        return token

    def _order(self, token: Placed) -> Landed:
        return self._hand.do(token, "startOrder", *self._terms())

    def _dispensed(self) -> int:
        """Order twice of a token that a dispenser gives out; return what the second order took."""
        published = self._publish(_ENTERPRISE)
        token = Placed(contract=self._enterprise, address=published.token)
        dispenser = self._dispenser.address.raw
        limits = (1_000 * _TOKEN, 100 * _TOKEN, True, _NOBODY)
        self._hand.do(token, "createDispenser", dispenser, *limits)
        step = "buyFromDispenserAndOrder"
        orders = [self._hand.do(token, step, self._terms(), dispenser) for _ in range(2)]
        return orders[-1].gas_used

    def _nft_fields(self) -> tuple[AbiValue, ...]:
        return "Data NFT", "DNFT", 1, locator(), True, self._hand.account

    def _token_fields(self, template: int) -> tuple[AbiValue, ...]:
        """Return the struct `ErcCreateData`: the owner mints and is paid, no market takes a fee."""
        owner = self._hand.account
        addresses = [owner, owner, _NOBODY, _NOBODY]
        return template, ["Datatoken", "DT"], addresses, [_CAP, 0], []

    def _terms(self) -> tuple[AbiValue, ...]:
        """Return for whom an order is, of which service, and that nobody asks a fee for it."""
        provider = self._provider.address.raw
        data = word()
        said = keccak(data + provider + _NOBODY + bytes(64))
        signature = self._provider.sign_digest(keccak(_PREFIX + said))
        signed = (signature[64], signature[:32], signature[32:64])
        fee = (provider, _NOBODY, 0, *signed, 0, data)
        return word()[:20], 1, fee, (_NOBODY, _NOBODY, 0)

    def _do(self, function: str, *arguments: AbiValue) -> Landed:
        return self._hand.do(self._factory, function, *arguments)


def _metadata() -> tuple[AbiValue, ...]:
    """Return the arguments of `setMetaData`: active, encrypted and compressed, without proofs."""
    ddo = secrets.token_bytes(DDO)
    decryptor = "https://example.org/"
    return 0, decryptor, "", b"\x02", ddo, word(), []
