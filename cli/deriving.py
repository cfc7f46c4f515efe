"""Declare the options that say what data was made of, and turn what was typed into values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import click

from cli.clause_options import words
from cli.grammar import option, together
from cli.types import GRANT, PARTY, PRODUCT, WordType, version_after
from registry.errors import SourcesUnnamed

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, ProductId
    from registry.services.deriving import Made

_PINNED: Final = r"(.+?)(?:@([^@:=]*))?"
_SOURCE: Final = _PINNED + r"(?:[:=](grant1\w*|0x[0-9A-Fa-f]{64}))?"
_DIGEST: Final = r"(?:0x)?([0-9A-Fa-f]{64})"


class PinType(click.ParamType[Any, Any]):
    """A product, and perhaps one version of it: `PRODUCT[@VERSION]`."""

    name = "pin"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[ProductId, int | None]:
        """Parse the id, or find the code; errors as for a product, and wrong usage of a version."""
        product, number, _ = _parts(_PINNED, value)
        version = version_after(number, param, ctx)
        return PRODUCT.convert(product, param, ctx), version  # type: ignore[return-value]


class SourceType(click.ParamType[Any, Any]):
    """A version that data was made of, and the grant that lets it: `PRODUCT[@VERSION][:GRANT]`."""

    name = "source"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[ProductId, int | None, GrantId | None]:
        """Parse the ids; raises `IdMistyped`, and what a product's code raises."""
        if isinstance(value, tuple):
            return value
        product, number, grant = _parts(_SOURCE, value)
        version = version_after(number, param, ctx)
        return (
            PRODUCT.convert(product, param, ctx),  # type: ignore[return-value]
            version,
            GRANT.convert(grant, param, ctx) if grant else None,
        )


PIN: Final = PinType()

made_options: Final = together(
    option(
        "--from",
        "sources",
        type=SourceType(),
        multiple=True,
        metavar="PRODUCT[@VERSION][:GRANT]",
    ),
    option("--activity", type=WordType("Activity"), metavar="ACTIVITY"),
    words("--purpose", vocabulary="Purpose", metavar="PURPOSE"),
    option("--method", metavar="FILE|HEX"),
    option("--agent", "agents", type=PARTY, multiple=True, metavar="PARTY"),
)
"""The options that say what data was made of, and how."""

MADE_OPTIONS: Final = ("sources", "activity", "purpose", "method", "agents")
"""Their names."""


def made_from(given: dict[str, Any]) -> Made | None:
    """Return what was typed, taken out of `given`; None where no source was.

    Raises `SourcesUnnamed` where only the manner is said.
    """
    said = {name: given.pop(name) for name in MADE_OPTIONS}
    if not said["sources"]:
        manner = [name for name in MADE_OPTIONS if said[name]]
        if manner:
            raise SourcesUnnamed(option="--" + manner[0].removesuffix("s"))
        return None
    from registry.domain.vocabulary import Activity, Purpose  # noqa: PLC0415 (start-up time)
    from registry.domain.words import union  # noqa: PLC0415 (start-up time)
    from registry.services.deriving import Made, Wanted  # noqa: PLC0415 (start-up time)

    sources = tuple(
        Wanted(product=product, version=version, grant=grant)
        for product, version, grant in said["sources"]
    )
    return Made(
        sources=sources,
        activity=said["activity"] or Activity.PROCESSING,
        purposes=Purpose(union(said["purpose"])) if said["purpose"] else None,
        method=None if said["method"] is None else _method(said["method"]),
        agents=said["agents"],
    )


def _method(given: str) -> bytes:
    """Return the digest that was typed, else the SHA-256 of the file of this name, 32 bytes."""
    digits = re.fullmatch(_DIGEST, given)
    if digits is not None:
        return bytes.fromhex(digits[1])
    from hashlib import sha256  # noqa: PLC0415 (start-up time)
    from pathlib import Path  # noqa: PLC0415 (start-up time)

    from cli.files import read_bytes  # noqa: PLC0415 (start-up time)

    return sha256(read_bytes(Path(given))).digest()


def _parts(pattern: str, value: object) -> tuple[str, str | None, str | None]:
    """Return product, version and grant as typed; what fits no pattern is all the product."""
    found = re.fullmatch(pattern, str(value))
    if found is None:
        return str(value), None, None
    product, version, *grant = found.groups()
    return product, version, grant[0] if grant else None
