"""Name the readers of what people type and paste: ids, codes, times, places, words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from assurance.inputs import samples
from assurance.inputs.trial import Target
from cli.types import QUOTA, TERRITORY
from registry.domain import bech32, calendar, codes, territory, times, words
from registry.domain.catalogue_ndi import NDI
from registry.domain.exports.dcat import require_url
from registry.domain.identity import parse_credit_code, parse_salt
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.redaction import concealed, concealed_keys, concealed_path, redacted


def _typed(read: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """Return what reads text that was typed, with lone surrogates for odd bytes."""
    return lambda given: read(given.decode("utf-8", "surrogateescape"))


def _said(value: object) -> bytes:
    return str(value).encode()


def _seeds(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode() for text in texts]


def _reference(text: str) -> str:
    return str(codes.parse_reference(text))


def _parts(text: str) -> tuple[str, bytes]:
    return bech32.decode(text)


def _redactions(text: str) -> tuple[str, ...]:
    """Return what is left of a text wherever secrets are taken out of one."""
    return concealed(text), concealed_keys(text), concealed_path(text), redacted(text)


def _quota(text: str) -> Any:  # noqa: ANN401 (click's)
    return QUOTA.convert(text, None, None)


def _territory(text: str) -> Any:  # noqa: ANN401 (click's)
    return TERRITORY.convert(text, None, None)


def targets() -> Iterable[Target]:
    """Yield the readers of words."""
    party, product, grant = PartyId.of(7), ProductId(b"\x08" * 20), GrantId.of(9)
    address = samples.SIGNER.address
    ids: tuple[tuple[str, Any, object], ...] = (
        *(("party id", PartyId, party), ("product id", ProductId, product)),
        *(("grant id", GrantId, grant), ("address", Address, address)),
    )
    for name, kind, one in ids:
        hexed = one.hex if not isinstance(one, Address) else str(one).lower()  # type: ignore[attr-defined]
        yield Target(
            piece=20_000,
            name=name,
            read=_typed(kind.parse),
            seeds=_seeds(str(one), hexed),
            write=_said,
            shape="text",
        )
    yield Target(
        piece=20_000,
        name="Bech32m",
        read=_typed(_parts),
        seeds=_seeds(str(party), str(product)),
        write=lambda parts: bech32.encode(*parts).encode(),
        shape="text",
        refusals=(bech32.NotBech32,),
    )
    yield Target(
        piece=20_000,
        name="registration code",
        read=_typed(codes.parse_code),
        seeds=_seeds("SJ4402026110001", "GG4102026110007"),
        write=_said,
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="catalogue id",
        read=_typed(codes.parse_catalogue_id),
        seeds=_NDI_SEEDS,
        write=_said,
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="reference of a product",
        read=_typed(_reference),
        shape="text",
        write=_said,
        seeds=_seeds(str(product), "SJ4402026110001"),
    )
    yield Target(
        piece=20_000,
        name="time",
        read=_typed(times.parse_time),
        shape="text",
        seeds=_seeds("2026-11-22", "2026-11-22T10:00:00+08:00"),
        write=lambda one: times.show_time(one).encode(),
    )
    yield Target(
        piece=20_000,
        name="duration",
        read=_typed(lambda text: times.parse_time(text, start=0)),
        seeds=_seeds("365d", "36h"),
        write=lambda one: times.show_time(one).encode(),
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="day",
        read=_typed(calendar.parse_day),
        seeds=_seeds("2026-11-22"),
        write=lambda one: calendar.show_day(one).encode(),
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="territory",
        read=_typed(territory.parse),
        shape="text",
        seeds=_seeds("702", "410100", "156410100"),
        write=lambda one: f"{one:09}".encode(),
    )
    yield Target(
        piece=20_000,
        name="territory (typed)",
        read=_typed(_territory),
        shape="text",
        seeds=_seeds("702", "156410100"),
    )
    yield Target(
        piece=20_000,
        name="quota",
        read=_typed(_quota),
        seeds=_seeds("100call", "5_000 row"),
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="credit code",
        read=_typed(parse_credit_code),
        write=_said,
        shape="text",
        seeds=_seeds("91440300MA00000A9P", "91440300-ma00000a9p"),
    )
    yield Target(
        piece=20_000,
        name="salt of an identity",
        read=_typed(parse_salt),
        seeds=_seeds("ab" * 16),
        write=lambda one: one.hex().encode(),
        shape="text",
    )
    yield Target(
        piece=20_000,
        name="words of a vocabulary",
        shape="text",
        write=lambda one: one,
        read=_typed(_purposes),
        seeds=_seeds("research", "RESEARCH,AUDIT"),
    )
    yield Target(
        piece=20_000,
        name="address of the web",
        read=_typed(require_url),
        shape="text",
        seeds=_seeds("https://example.org/a?b#c"),
    )
    yield Target(
        piece=20_000,
        name="redaction",
        read=_typed(_redactions),
        shape="text",
        seeds=_seeds("https://me:word@example.org/key", "0x" + "ab" * 32, "one two " * 7),
    )


def _purposes(text: str) -> bytes:
    read = words.parse("Purpose", text, many=True)
    return ",".join(words.names(read)).encode()  # type: ignore[arg-type]


_NDI_BODY: Final = "410000MB0000019/P000001"
_NDI_SEEDS: Final = _seeds(f"ndi:{_NDI_BODY}{NDI.check(_NDI_BODY)}")
