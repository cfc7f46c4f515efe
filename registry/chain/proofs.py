"""Gather proofs from a node: headers, accounts with their code, and words of storage."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from registry.chain import moments, wire
from registry.chain.questions import require_state
from registry.domain import layout
from registry.domain.directory import predict
from registry.domain.header import HeaderInvalid, header_of
from registry.domain.proof import ANCHORS, DIRECTORY, Account, Proof, Word
from registry.domain.proof_facts import facts
from registry.domain.storage import WORD_BYTES
from registry.errors import ChainMoved, NodeRefused, ProofUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.rpc import Request, Rpc
    from registry.chain.wire import Json
    from registry.domain.header import Header
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment
    from registry.domain.moment import Moment
    from registry.domain.proof import Ask, Facts, Preimages, Subject
    from registry.domain.storage import KeyValue, Variable

_BLOCK: Final = "eth_getBlockByNumber"
_PROOF: Final = "eth_getProof"


class ChainProofs:
    """Make proofs of what a deployment keeps, from what its node tells."""

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        self._rpc = rpc
        self._deployment = deployment

    def block_hash(self, number: int) -> bytes:
        """Return the hash of a block, computed from its header.

        :raises BlockUnknown: where the node has no such block.
        :raises ProofUnavailable: where the header hashes to another than the node tells.
        """
        return self._header(number).hash

    def make(
        self, subject: Subject, given: Preimages, moment: Moment, *, asked: int | None
    ) -> tuple[Proof, Facts]:
        """Return a proof, and what it shows, as of a moment.

        What is returned is as the node tells it: whoever keeps it checks it first.

        :param asked: the time that was asked about, in seconds since 1970, None for a block.

        :raises ProofUnavailable: where the node gives no proofs, or no next block to show that one
            is the last not after a time.
        :raises ProofRefused: where the ledger keeps something else than the preimages say.
        :raises ChainMoved: where another block has taken the place of the moment's.
        """
        found = self._header(moment.block)
        if found.hash != moment.block_hash:
            raise ChainMoved(block=moment.block)
        neighbour = None if asked is None else self._next(moment.block)
        told = ToldWords(self._rpc, self._deployment, moment.block, asked or found.time)
        shown = facts(subject, given, told)
        proof = Proof(
            subject=subject,
            chain_id=self._deployment.chain_id,
            directory=self._deployment.directory,
            header=found,
            asked=asked,
            neighbour=neighbour,
            accounts=self._accounts(told, moment.block),
            preimages=given,
        )
        return proof, shown

    # ---- headers -----------------------------------------------------------------------------

    def _next(self, block: int) -> Header:
        latest = self._rpc.ask(wire.quantity, "eth_blockNumber")
        if latest <= block:
            raise ProofUnavailable(url=self._rpc.url, block=block, reason="no-next-block")
        return self._header(block + 1)

    def _header(self, number: int) -> Header:
        told = self._rpc.call(_BLOCK, wire.to_quantity(number), False)  # noqa: FBT003 (the node's own flag)
        if told is None:
            raise moments.unknown(self._rpc, number)
        fields = self._rpc.shaped(_BLOCK, told, wire.record)
        try:
            found = header_of(fields)
        except HeaderInvalid as error:
            raise self._unavailable(number, "header-unknown") from error
        if wire.to_data(found.hash) != fields.get("hash"):
            raise self._unavailable(number, "header-unknown")
        return found

    def _unavailable(self, block: int, reason: str) -> ProofUnavailable:
        return ProofUnavailable(url=self._rpc.url, block=block, reason=reason)

    # ---- accounts ----------------------------------------------------------------------------

    def _accounts(self, told: ToldWords, block: int) -> tuple[Account, ...]:
        """Return the accounts that the directory has and the statement rests on, in their order."""
        words, names = told.by_contract(), sorted({DIRECTORY, *told.contracts})
        requests: list[Request] = []
        for name in names:
            location = told.location(name).hex
            places = [wire.to_data(place) for place, _, _ in words.get(name, ())]
            requests.append((_PROOF, (location, places, wire.to_quantity(block))))
            requests.append(("eth_getCode", (location, wire.to_quantity(block))))
        answers = [self._given(answer, block) for answer in self._rpc.attempt(requests)]
        made = []
        for at, name in enumerate(names):
            code = self._rpc.shaped("eth_getCode", answers[2 * at + 1], wire.data)
            shape = partial(_account, name, told.location(name), code, words.get(name, []))
            made.append(self._rpc.shaped(_PROOF, answers[2 * at], shape))
        return tuple(made)

    def _given(self, answer: Json | NodeRefused, block: int) -> Json:
        if isinstance(answer, NodeRefused):
            require_state(answer, block)
            raise self._unavailable(block, "no-proofs") from answer
        return answer


Placed = tuple[bytes, "Variable", tuple[bytes, ...]]
Places = dict[str, list[Placed]]


def _account(
    name: str, location: Address, code: bytes, asked: Sequence[Placed], told: Json
) -> Account:
    """Return an account from a node's answer to `eth_getProof`; raises ValueError on others."""
    given = wire.record(told)
    proofs = [wire.record(one) for one in wire.items(wire.member(given, "storageProof"))]
    if len(proofs) != len(asked):
        raise ValueError(f"{len(proofs)} proofs of storage, not {len(asked)}")
    return Account(
        name=name,
        address=location,
        nonce=wire.to_quantity(wire.quantity(wire.member(given, "nonce"))),
        balance=wire.to_quantity(wire.quantity(wire.member(given, "balance"))),
        storage_hash=wire.data(wire.member(given, "storageHash"), WORD_BYTES),
        code_hash=wire.data(wire.member(given, "codeHash"), WORD_BYTES),
        code=code,
        proof=_nodes(given, "accountProof"),
        storage=tuple(
            Word(
                name=variable.name,
                keys=keys,
                value=wire.quantity(wire.member(proof, "value")).to_bytes(WORD_BYTES),
                proof=_nodes(proof, "proof"),
            )
            for (_, variable, keys), proof in zip(asked, proofs, strict=True)
        ),
    )


def _nodes(given: dict[str, Any], name: str) -> tuple[bytes, ...]:
    return tuple(wire.data(node) for node in wire.items(wire.member(given, name)))


class ToldWords:
    """Know words as a node tells them of one block, and remember which were asked for."""

    def __init__(self, rpc: Rpc, deployment: Deployment, block: int, time: int) -> None:
        self._rpc = rpc
        self._deployment = deployment
        self._block = block
        self._time = time
        self._told: dict[tuple[str, bytes], bytes] = {}
        self._used: dict[tuple[str, bytes], tuple[Variable, tuple[bytes, ...]]] = {}
        self.contracts: set[str] = set()

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self._deployment.chain_id

    @property
    def directory(self) -> Address:
        """Return the address of the deployment's directory."""
        return self._deployment.directory

    @property
    def time(self) -> int:
        """Return the time that expiry is judged at, in seconds since 1970."""
        return self._time

    def location(self, contract: str) -> Address:
        """Return where a contract is."""
        return self.directory if contract == DIRECTORY else predict(self.directory, contract)

    def found(self, contract: str, code_hash: bytes) -> None:
        """Note a contract whose account belongs into the proof."""
        del code_hash
        self.contracts.add(contract)

    def names(self, contract: str, other: str) -> bool:
        """Tell whether the code of a contract has the address of another in it.

        All of a deployment's are of one release: only one without anchors has code without them.
        """
        del contract
        return other != ANCHORS or self._deployment.anchors is not None

    def ahead(self, asks: Sequence[Ask]) -> None:
        """Fetch words that will be asked for, in as few round trips as the node allows."""
        wanted = {
            (contract, layout.variable(contract, name).place(*keys))
            for contract, name, keys in asks
        }
        missing = sorted(wanted - self._told.keys())
        block = wire.to_quantity(self._block)
        answers = self._rpc.attempt(
            [
                ("eth_getStorageAt", (self.location(contract).hex, wire.to_data(place), block))
                for contract, place in missing
            ]
        )
        for found, answer in zip(missing, answers, strict=True):
            if isinstance(answer, NodeRefused):
                require_state(answer, self._block)
                raise answer
            self._told[found] = self._rpc.shaped("eth_getStorageAt", answer, _word)

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a word, asked of the node where it was not fetched ahead."""
        variable = layout.variable(contract, name)
        words = variable.padded(*keys)
        found = (contract, variable.place_of(words))
        if found not in self._told:
            self.ahead([(contract, name, keys)])
        self._used[found] = (variable, words)
        return variable.word.unpack(self._told[found])

    def by_contract(self) -> Places:
        """Return what was asked for by contract, in the order of places."""
        found: Places = {}
        for (contract, place), (variable, keys) in sorted(self._used.items(), key=itemgetter(0)):
            found.setdefault(contract, []).append((place, variable, keys))
        return found


def _word(value: Json) -> bytes:
    """Return a word of storage, which some nodes tell without its leading zeros."""
    return wire.data(value).rjust(WORD_BYTES, b"\0")
