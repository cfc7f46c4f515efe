"""Know the builds of the contracts that this version of the client was made for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from registry.domain.keccak import keccak
from registry.records import dataclass

_ARTIFACTS: Final = Path(__file__).resolve().parent.parent / "artifacts"

DIRECTORY: Final = "Directory"
FIRST: Final = ("Authority", "PartyRegistry", "ProductRegistry", "GrantRegistry")
"""The contracts that every deployment has, also those made before there were others."""
MADE: Final = (
    *FIRST,
    "GrantOffice",
    "GrantJudge",
    "UsageMeter",
    "WorkCalendar",
    "ApplicationJudge",
    "CertificateRegistry",
    "RegistrationDesk",
    "Lineage",
    "BatchAnchor",
)
"""The contracts that a directory makes, in their order; each is named in it by this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Hold one compiled contract: what makes it, and what it then is.

    `immutables` are the stretches of the runtime code, as start and length in bytes, that its
    constructor fills in.
    """

    name: str
    creation: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]

    def made(self, code: bytes) -> bool:
        """Tell whether ``code`` is this build's runtime code, whatever its immutables are."""
        return self._masked(code) == self._masked(self.runtime)

    def _masked(self, code: bytes) -> bytes:
        blank = bytearray(code)
        for start, length in self.immutables:
            blank[start : start + length] = bytes(len(blank[start : start + length]))
        return bytes(blank)


@cache
def build(name: str) -> Build:
    """Return the build of a contract by its name."""
    artifact = json.loads((_ARTIFACTS / f"{name}.json").read_bytes())
    return Build(
        name=name,
        creation=bytes.fromhex(artifact["bytecode"].removeprefix("0x")),
        runtime=bytes.fromhex(artifact["deployedBytecode"].removeprefix("0x")),
        immutables=tuple((one["start"], one["length"]) for one in artifact["immutableReferences"]),
    )


@cache
def release() -> str:
    """Return a name for all builds together, which changes with any of them."""
    codes = (build(name).creation for name in (DIRECTORY, *MADE))
    return keccak(b"".join(map(keccak, codes))).hex()[:16]
