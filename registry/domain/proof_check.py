"""Check a proof without any network: everything that its file states is computed again.

1. The file is canonical JSON of the known format, and its headers hash to what they say.
2. The block hash that is trusted is the one that the proof rests on.
3. Each account stands in the state of the block, at the address that the directory gave it, with
   code that is known and answers to the contracts of this directory alone.
4. Each word of storage stands in its account, at the place that its name and keys come to.
5. The words are all that the statement is read from, and they come to the statement in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import rfc8785

from registry.domain import known_builds, layout
from registry.domain.directory import predict
from registry.domain.keccak import keccak
from registry.domain.patricia import ProofBroken, value_at
from registry.domain.proof import DIRECTORY, Shown
from registry.domain.proof_facts import facts
from registry.domain.proof_file import load
from registry.domain.rlp import decode, encode, encode_int
from registry.domain.storage import WORD_BYTES, KeyInvalid
from registry.errors import ProofRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.domain.ids import Address
    from registry.domain.proof import Account, Ask, Proof, Word
    from registry.domain.storage import KeyValue

    Reader = Callable[[bytes, bytes, Sequence[bytes]], bytes | None]


def check(
    raw: bytes,
    *,
    block_hash: bytes,
    directory: Address | None = None,
    chain_id: int | None = None,
    read: Reader = value_at,
) -> Shown:
    """Return what a proof shows; it is as good as the block hash that it is given.

    :param raw: the bytes of the file.
    :param block_hash: the hash, 32 bytes, of a block known to be of the chain that is meant.
    :param directory: the directory of the ledger that is meant; None to be told which it is.
    :param chain_id: the id of the chain that is meant; None as for the directory.
    :param read: what reads values out of Merkle-Patricia proofs, as `patricia.value_at` does.
    :raises ProofUnreadable: where it is no proof of the known format.
    :raises ProofRefused: where it does not hold, with the reason.
    """
    proof, stated = load(raw)
    _require_time(proof)
    if proof.rests_on != block_hash:
        raise ProofRefused(part="header", reason="block-other")
    if directory not in (None, proof.directory):
        raise ProofRefused(part="directory", reason="directory-other")
    if chain_id not in (None, proof.chain_id):
        raise ProofRefused(part="chain", reason="chain-other")
    for account in proof.accounts:
        _require_account(proof, account, read)
    words = ProvedWords(proof)
    told = facts(proof.subject, proof.preimages, words)
    words.require_all_used()
    if rfc8785.dumps(told) != stated:
        raise ProofRefused(part="shown", reason="statement-other")
    return Shown(
        subject=proof.subject,
        chain_id=proof.chain_id,
        directory=proof.directory,
        block=proof.header.number,
        block_hash=proof.header.hash,
        block_time=proof.header.time,
        asked=proof.asked,
        rests_on=block_hash,
        facts=told,
    )


def _require_time(proof: Proof) -> None:
    """Refuse a neighbour that is none, and a time asked about that is not between the two."""
    header, neighbour, asked = proof.header, proof.neighbour, proof.asked
    if (neighbour is None) is not (asked is None):
        raise ProofRefused(part="neighbour", reason="neighbour-alone")
    if neighbour is None or asked is None:
        return
    if neighbour.parent != header.hash or neighbour.number != header.number + 1:
        raise ProofRefused(part="neighbour", reason="neighbour-other")
    if not header.time <= asked < neighbour.time:
        raise ProofRefused(part="asked", reason="time-outside")


def _require_account(proof: Proof, account: Account, read: Reader) -> None:
    """Refuse an account that is not where it must be, with the code and storage that it states."""
    directory = proof.directory
    own = account.name == DIRECTORY
    # Only ASCII names a contract; of no other name is there an address.
    if not account.name.isascii() or account.address != (
        directory if own else predict(directory, account.name)
    ):
        raise ProofRefused(part=account.name, reason="address-other")
    if keccak(account.code) != account.code_hash:
        raise ProofRefused(part=account.name, reason="code-other")
    build = known_builds.identify(account.name, account.code)
    if build is None or build.layout != known_builds.LAYOUT:
        raise ProofRefused(part=account.name, reason="code-unknown")
    here = account.address
    if not known_builds.wired(
        build, account.code, here=here, directory=directory, chain=proof.chain_id
    ):
        raise ProofRefused(part=account.name, reason="code-elsewhere")
    found = _read(read, account.name, proof.header.state_root, here.raw, account.proof)
    numbers = [encode_int(int(value, 16)) for value in (account.nonce, account.balance)]
    if found != encode([*numbers, account.storage_hash, account.code_hash]):
        raise ProofRefused(part=account.name, reason="account-other")
    _require_storage(account, read)


def _require_storage(account: Account, read: Reader) -> None:
    """Refuse words that stand elsewhere or say something else, and any out of their order."""
    last = b""
    for word in account.storage:
        part = f"{account.name}.{word.name}"
        place = _place(account.name, word, part)
        if place <= last:
            raise ProofRefused(part=part, reason="words-unordered")
        last = place
        found = _read(read, part, account.storage_hash, place, word.proof)
        if _stored(found, part) != word.value:
            raise ProofRefused(part=part, reason="value-other")


def _place(contract: str, word: Word, part: str) -> bytes:
    try:
        return layout.variable(contract, word.name).place_of(word.keys)
    except (LookupError, KeyInvalid) as error:
        raise ProofRefused(part=part, reason="word-unknown") from error


def _stored(found: bytes | None, part: str) -> bytes:
    """Return a storage word from its leaf: RLP of its shortest bytes, no leaf for zero."""
    if found is None:
        return bytes(WORD_BYTES)
    try:
        value = decode(found)
    except ValueError as error:
        raise ProofRefused(part=part, reason="leaf-malformed") from error
    if not isinstance(value, bytes) or not 0 < len(value) <= WORD_BYTES or not value[0]:
        raise ProofRefused(part=part, reason="leaf-malformed")
    return value.rjust(WORD_BYTES, b"\0")


def _read(
    read: Reader, part: str, root: bytes, preimage: bytes, nodes: Sequence[bytes]
) -> bytes | None:
    try:
        return read(root, keccak(preimage), nodes)
    except ProofBroken as error:
        raise ProofRefused(part=part, reason="nodes-broken") from error


class ProvedWords:
    """Know the words of a proof, and which of them were asked for."""

    def __init__(self, proof: Proof) -> None:
        self._proof = proof
        self._accounts = {account.name: account for account in proof.accounts}
        self._words = {
            (account.name, word.name, word.keys): word.value
            for account in proof.accounts
            for word in account.storage
        }
        self._used: set[tuple[str, str, tuple[bytes, ...]]] = set()
        self._found = {DIRECTORY}

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self._proof.chain_id

    @property
    def directory(self) -> Address:
        """Return the address of the deployment's directory."""
        return self._proof.directory

    @property
    def time(self) -> int:
        """Return the time that expiry is judged at, in seconds since 1970."""
        return self._proof.time

    def ahead(self, asks: Sequence[Ask]) -> None:
        """Fetch nothing: all is here."""

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a word; raises `ProofRefused` where the proof has it not."""
        variable = layout.variable(contract, name)
        found = (contract, name, variable.padded(*keys))
        if found not in self._words:
            raise ProofRefused(part=f"{contract}.{name}", reason="word-missing")
        self._used.add(found)
        return variable.word.unpack(self._words[found])

    def found(self, contract: str, code_hash: bytes) -> None:
        """Be told that the directory has a contract, whose account must have this hash of code."""
        account = self._accounts.get(contract)
        if account is None:
            raise ProofRefused(part=contract, reason="account-missing")
        if account.code_hash != code_hash:
            raise ProofRefused(part=contract, reason="code-replaced")
        self._found.add(contract)

    def names(self, contract: str, other: str) -> bool:
        """Tell whether the code of a contract that was found has the address of another in it."""
        build = known_builds.identify(contract, self._accounts[contract].code)
        return build is not None and any(what == other for _, what in build.filled)

    def require_all_used(self) -> None:
        """Refuse words and accounts that the statement does not rest on, and any out of order."""
        if self._used != self._words.keys():
            raise ProofRefused(part="storage", reason="word-unused")
        if [account.name for account in self._proof.accounts] != sorted(self._found):
            raise ProofRefused(part="accounts", reason="accounts-other")
