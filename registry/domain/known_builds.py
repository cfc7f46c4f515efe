"""Know the contracts of this ledger by their code, those of releases before this one included.

A contract's code is the same in all deployments but for what its constructor filled in. With that
blanked out, its hash names the build, and the build the layout of its storage; what was filled in
must be what it is in a deployment of this directory on this chain, so that the contract answers to
the others of it and to nobody else.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.domain.directory import predict
from registry.domain.keccak import keccak
from registry.domain.terms import NAME, VERSION, SigningDomain
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address

LAYOUT: Final = 1
"""The number of the layout that `registry.domain.layout` describes."""

_LIST: Final = Path(__file__).resolve().parents[1] / "known_builds.json"
_WORD: Final = 32
_FREE: Final = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBuild:
    """Hold one build of a contract: its masked hash, and what its constructor fills in where.

    `filled` are the starts of 32-byte stretches of its code, and what stands in each: the name of
    another contract whose address it is, or another word that `wired` explains.
    """

    hash: str
    contract: str
    layout: int
    filled: tuple[tuple[int, str], ...]


@cache
def _known() -> dict[str, tuple[KnownBuild, ...]]:
    """Return the builds by the name of their contract."""
    found: dict[str, list[KnownBuild]] = {}
    for key, one in json.loads(_LIST.read_bytes()).items():
        build = KnownBuild(
            hash=key,
            contract=one["contract"],
            layout=one["layout"],
            filled=tuple((start, what) for start, what in one["filled"]),
        )
        found.setdefault(build.contract, []).append(build)
    return {name: tuple(builds) for name, builds in found.items()}


def every() -> tuple[KnownBuild, ...]:
    """Return all builds that are known."""
    return tuple(build for builds in _known().values() for build in builds)


def identify(contract: str, code: bytes) -> KnownBuild | None:
    """Return the build that a contract's code is of, None for one that is not known."""
    return next(
        (build for build in _known().get(contract, ()) if _masked(code, build) == build.hash), None
    )


def _masked(code: bytes, build: KnownBuild) -> str:
    blank = bytearray(code)
    for start, _ in build.filled:
        blank[start : start + _WORD] = bytes(_WORD)
    # Where the code is shorter than the build, blanking has made it longer: no hash fits then.
    return keccak(bytes(blank)).hex() if len(blank) == len(code) else ""


def wired(build: KnownBuild, code: bytes, *, here: Address, directory: Address, chain: int) -> bool:
    """Tell whether what the constructor filled in is what it is in one deployment.

    :param here: the address of the contract.
    :param directory: the directory that made it.
    :param chain: the chain's id.
    """
    return all(
        what == _FREE or code[start : start + _WORD] == _filling(what, here, directory, chain)
        for start, what in build.filled
    )


def _filling(what: str, here: Address, directory: Address, chain: int) -> bytes:
    """Return the word that a constructor fills in."""
    if what == "chain":
        return chain.to_bytes(_WORD)
    if what == "separator":
        return SigningDomain(chain_id=chain, verifying_contract=here).separator
    texts = {"name": NAME, "version": VERSION}
    if what in texts:
        return _short(texts[what])
    if what.removesuffix("-hash") in texts:
        return keccak(texts[what.removesuffix("-hash")].encode())
    location = here if what == "self" else predict(directory, what)
    return location.raw.rjust(_WORD, b"\0")


def _short(text: str) -> bytes:
    """Return a text as OpenZeppelin keeps a short one: its bytes, then how many in the last."""
    raw = text.encode()
    return raw.ljust(_WORD - 1, b"\0") + bytes([len(raw)])
