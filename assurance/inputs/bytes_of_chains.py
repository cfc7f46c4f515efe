"""Name the readers of bytes that contracts and chains write: ABI, RLP, tries, signatures, codes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from assurance.inputs import samples
from assurance.inputs.node import functions, layouts
from assurance.inputs.trial import Target
from registry.chain import abi, transactions
from registry.chain.abi import AbiError
from registry.chain.layouts import LogDecoder
from registry.chain.signatures import require
from registry.domain import clauses_codec, known_builds, rlp
from registry.domain.ids import Address, GrantId
from registry.domain.patricia import ProofBroken, value_at
from registry.domain.signing import Consent, Ending, Message, Terms
from registry.domain.vocabulary import Form

# ---- ABI -----------------------------------------------------------------------------------------


@cache
def _shapes() -> tuple[tuple[str, ...], ...]:
    """Return the types of every list of arguments and results that contracts have."""
    found = [types for one in functions() for types in (one.inputs, one.outputs) if types]
    plain = [tuple(p.kind for p in one.parameters if not p.indexed) for one in layouts()]
    return tuple(dict.fromkeys([*found, *filter(None, plain)]))


def value_of(rng: random.Random, kind: str) -> Any:  # noqa: ANN401, PLR0911 (each kind its own)
    """Return a value of an ABI type at random."""
    if kind.endswith("]"):
        item, _, count = kind[:-1].rpartition("[")
        return tuple(value_of(rng, item) for _ in range(int(count) if count else rng.randrange(3)))
    if kind.startswith("("):
        return tuple(value_of(rng, part) for part in abi.split(kind[1:-1]))
    if kind == "bool":
        return rng.random() < 0.5  # noqa: PLR2004 (as often as not)
    if kind == "string":
        return "文x"[: rng.randrange(3)]
    if kind == "address":
        return rng.randbytes(20)
    if kind.startswith("bytes"):
        return rng.randbytes(int(kind[5:]) if kind[5:] else rng.randrange(70))
    return rng.getrandbits(int(kind[4:] or 256))


def _abi_seeds() -> Sequence[bytes]:
    rng = random.Random(7)
    return [
        number.to_bytes(2) + abi.encode(types, [value_of(rng, kind) for kind in types])
        for number, types in enumerate(_shapes())
    ]


Decoded = tuple[int, tuple[Any, ...]]


def _abi(given: bytes) -> Decoded:
    chosen = int.from_bytes(given[:2]) % len(_shapes())
    found = abi.decode(_shapes()[chosen], given[2:])
    if abi.encode(_shapes()[chosen], found) != given[2:]:
        raise AssertionError("one value in two spellings")
    return chosen, found


def _abi_written(value: Decoded) -> bytes:
    return value[0].to_bytes(2) + abi.encode(_shapes()[value[0]], value[1])


def _log_seeds() -> Sequence[bytes]:
    rng = random.Random(8)
    made = []
    for number, one in enumerate(layouts()):
        plain = [p.kind for p in one.parameters if not p.indexed]
        topics = b"".join(
            abi.encode([p.kind], [value_of(rng, p.kind)])[:32].ljust(32, b"\0")
            for p in one.parameters
            if p.indexed
        )
        made.append(
            number.to_bytes(2) + topics + abi.encode(plain, [value_of(rng, k) for k in plain])
        )
    return made


def _log(given: bytes) -> object:
    layout = layouts()[int.from_bytes(given[:2]) % len(layouts())]
    indexed = sum(one.indexed for one in layout.parameters)
    rest = given[2:]
    topics = [layout.topic, *(rest[32 * n : 32 * n + 32] for n in range(indexed))]
    return LogDecoder(layout).decode(tuple(topics), rest[32 * indexed :])


# ---- RLP, transactions, tries --------------------------------------------------------------------

_ITEM: Final = [b"", b"a", b"\x80", b"x" * 60, [b"1", [b"2", []], b"y" * 300]]


def _transaction_seeds() -> Sequence[bytes]:
    fees = (
        transactions.DynamicFee(max_fee=10, priority=1),
        transactions.LegacyFee(price=7),
    )
    return [
        transactions.Transaction(
            chain_id=31337, nonce=4, gas=21_000, fee=fee, to=b"\1" * 20, value=5, data=b"abc"
        ).signed_by(samples.SIGNER.sign_digest)
        for fee in fees
    ]


def _nodes() -> tuple[bytes, list[bytes]]:
    """Return a root, and a proof of the first key, taken from a golden proof of an account."""
    import json  # noqa: PLC0415 (one use)

    from registry.domain.keccak import keccak  # noqa: PLC0415 (one use)

    document = json.loads(samples.golden("product")[0])
    account = document["accounts"][0]
    nodes = [bytes.fromhex(one[2:]) for one in account["proof"]]
    return keccak(nodes[0]), nodes


def _proof_seed() -> Sequence[bytes]:
    return [b"".join(len(one).to_bytes(2) + one for one in _nodes()[1])]


def _proved(given: bytes) -> bytes | None:
    """Look an account up in a proof whose nodes stand one behind the other."""
    import json  # noqa: PLC0415 (one use)

    from registry.domain.keccak import keccak  # noqa: PLC0415 (one use)

    nodes, at = [], 0
    while at < len(given):
        length = int.from_bytes(given[at : at + 2])
        nodes.append(given[at + 2 : at + 2 + length])
        at += 2 + length
    address = json.loads(samples.golden("product")[0])["accounts"][0]["address"]
    return value_at(_ROOT(), keccak(bytes.fromhex(address[2:])), nodes)


@cache
def _ROOT() -> bytes:  # noqa: N802 (made once)
    return _nodes()[0]


# ---- signatures and codes ------------------------------------------------------------------------


@cache
def _messages() -> tuple[Message, ...]:
    clauses = samples.clauses(1, Form.TWO_SIDED)
    return (
        Terms(clauses=clauses, parent=None),
        Consent(grant=GrantId.of(7)),
        Ending(grant=GrantId.of(7), ends_at=0, deadline=samples.TIME),
    )


def _signatures() -> Sequence[bytes]:
    return [
        bytes([number]) + samples.SIGNER.sign_digest(one.digest(samples.DOMAIN))
        for number, one in enumerate(_messages())
    ]


def _signed(given: bytes) -> bytes:
    """Return the signature, which must be the signer's."""
    chosen = _messages()[(given[:1] or b"\0")[0] % len(_messages())]
    require(samples.SIGNER.address, chosen.digest(samples.DOMAIN), given[1:])
    return given[1:]


def _packed() -> Sequence[bytes]:
    return [samples.clauses(number, Form.TWO_SIDED).pack() for number in range(1, 6)]


def _codes() -> Sequence[bytes]:
    import json  # noqa: PLC0415 (one use)

    accounts = json.loads(samples.golden("product")[0])["accounts"]
    return [
        one["name"].encode().ljust(32, b"\0") + bytes.fromhex(one["code"][2:])
        for one in accounts[:3]
    ]


def _build(given: bytes) -> object:
    name = given[:32].rstrip(b"\0").decode("latin-1")
    build = known_builds.identify(name, given[32:])
    if build is None:
        return None
    here = Address(b"\1" * 20)
    return known_builds.wired(build, given[32:], here=here, directory=here, chain=7)


def targets() -> Iterable[Target]:
    """Yield the readers of bytes."""
    yield Target(
        piece=20_000,
        name="ABI",
        read=_abi,
        seeds=_abi_seeds,
        write=_abi_written,
        shape="binary",
        refusals=(AbiError,),
    )
    yield Target(
        piece=20_000,
        name="ABI of events",
        read=_log,
        seeds=_log_seeds,
        shape="binary",
        refusals=(AbiError,),
    )
    yield Target(
        piece=20_000,
        name="RLP",
        read=rlp.decode,
        seeds=lambda: [rlp.encode(_ITEM)],
        write=rlp.encode,
        shape="binary",
        refusals=(ValueError,),
    )
    yield Target(
        piece=20_000,
        name="raw transaction",
        read=transactions.parse,
        seeds=_transaction_seeds,
        shape="binary",
        refusals=(ValueError,),
    )
    yield Target(
        piece=5_000,
        name="trie proof",
        read=_proved,
        seeds=_proof_seed,
        shape="binary",
        sealed=True,
        refusals=(ProofBroken,),
    )
    yield Target(
        piece=20_000,
        name="signature of a message (EIP-712)",
        read=_signed,
        seeds=_signatures,
        shape="binary",
        sealed=True,
    )
    yield Target(
        piece=20_000,
        name="clauses (packed)",
        read=clauses_codec.unpack,
        seeds=_packed,
        write=clauses_codec.pack,
        shape="binary",
    )
    yield Target(piece=20_000, name="code of a contract", read=_build, seeds=_codes, shape="binary")
