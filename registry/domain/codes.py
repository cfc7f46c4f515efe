"""Read and write the codes by which products are known off the ledger.

A product has its own id (`registry.domain.ids`), a code of registration, and perhaps an identifier
in a catalogue. How the latter is built differs between catalogues, so that schemes are registered
by name: in Python with `register`, or by an entry point of the group `dengji.catalogue_schemes`
that names a callable without arguments which returns a `Scheme`.

>>> code = parse_code("SJ4412026070001")
>>> (code.profile.name, code.region, code.registrar, code.year, code.month, code.serial)
('PROPERTY', '44', '1', 2026, 7, 1)
>>> str(code), code.province
('SJ4412026070001', '广东省')
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from registry.domain.product import Profile
from registry.errors import CatalogueSchemeUnknown, ProductCodeMistyped
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import ProductId

LENGTH: Final = 15
"""How many characters a code of registration has."""

MOST: Final = 9999
"""The last serial number of a registrar in a month."""

ENTRY_POINTS: Final = "dengji.catalogue_schemes"
LOCAL_REGION: Final = "00"
"""The region of ledgers that are tried out: no province has it."""

_PREFIXES: Final = {"SJ": Profile.PROPERTY, "GG": Profile.PUBLIC}
_CODE: Final = re.compile(
    r"(?P<prefix>[A-Z]{2})(?P<region>\d{2})(?P<registrar>[0-9A-Z])"
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<serial>\d{4})",
    re.ASCII,
)
_FIRST_YEAR: Final = 1970
_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationCode:
    """Hold a code of registration: under which rules, by whom, in which month, which one.

    `region` is the province of GB/T 2260 in two digits, or `00`; `registrar` one digit or letter.
    Source: the certificate code of 国数综政策〔2026〕35号; a code of `PUBLIC` is built alike.
    """

    profile: Profile
    region: str
    registrar: str
    year: int
    month: int
    serial: int

    def __str__(self) -> str:
        prefix = next(text for text, profile in _PREFIXES.items() if profile is self.profile)
        month = f"{self.year:04}{self.month:02}"
        return f"{prefix}{self.region}{self.registrar}{month}{self.serial:04}"

    @property
    def seat(self) -> str:
        """Return the registrar's seat: region and symbol."""
        return self.region + self.registrar

    @property
    def province(self) -> str | None:
        """Return the name of the region in Chinese, None for a ledger that is tried out."""
        from registry.domain import code_lists  # noqa: PLC0415 (start-up time: a long list)

        found = code_lists.entries("region").get(self.region + "0000")
        return None if found is None else found.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueId:
    """Hold an identifier of a catalogue in its one written form, and the scheme it is built by."""

    scheme: str
    text: str

    def __str__(self) -> str:
        return self.text


class Scheme(Protocol):
    """Say how the identifiers of a catalogue are built."""

    @property
    def name(self) -> str:
        """Return the name of the scheme, lower case."""

    def looks_so(self, text: str) -> bool:
        """Tell whether a text, whether right or mistyped, is meant as one of these."""

    def parse(self, text: str) -> str:
        """Return the one written form; raises `ProductCodeMistyped`."""


def looks_like_code(text: str) -> bool:
    """Tell whether a text, whether right or mistyped, is meant as a code of registration."""
    return text[:2].upper() in _PREFIXES and len(text) > len("product1") and "/" not in text


def parse_code(text: str) -> RegistrationCode:
    """Return the code that a text is; small letters are taken as capitals.

    :raises ProductCodeMistyped: where it is none; `problem` says what is wrong.
    """
    given = text.strip().upper()
    if len(given) != LENGTH:
        raise _mistyped(text, "wrong-length")
    match = _CODE.fullmatch(given)
    if match is None or match["prefix"] not in _PREFIXES:
        raise _mistyped(text, "bad-character" if given[:2] in _PREFIXES else "no-prefix")
    code = RegistrationCode(
        profile=_PREFIXES[match["prefix"]],
        region=match["region"],
        registrar=match["registrar"],
        year=int(match["year"]),
        month=int(match["month"]),
        serial=int(match["serial"]),
    )
    if code.month not in _MONTHS or code.year < _FIRST_YEAR or not code.serial:
        raise _mistyped(text, "out-of-range")
    if code.region != LOCAL_REGION and code.province is None:
        raise _mistyped(text, "unknown-region")
    return code


def parse_catalogue_id(text: str) -> CatalogueId:
    """Return the catalogue identifier that a text is, as `scheme:text` or by its looks.

    :raises CatalogueSchemeUnknown: where no scheme is named so, or none looks so.
    :raises ProductCodeMistyped: where it is mistyped.
    """
    given = text.strip()
    name, colon, rest = given.partition(":")
    if colon:
        scheme = schemes().get(name.lower())
        if scheme is None:
            raise CatalogueSchemeUnknown(given=text, known=sorted(schemes()))
        return CatalogueId(scheme=scheme.name, text=scheme.parse(rest))
    for scheme in schemes().values():
        if scheme.looks_so(given):
            return CatalogueId(scheme=scheme.name, text=scheme.parse(given))
    raise CatalogueSchemeUnknown(given=text, known=sorted(schemes()))


def parse_reference(text: str) -> ProductId | RegistrationCode | CatalogueId:
    """Return what a text names a product by: its id, its code of registration, or a catalogue id.

    :raises IdMistyped: where it is none of them, or a mistyped id.
    :raises ProductCodeMistyped: where it is a mistyped code or catalogue id.
    """
    given = text.strip()
    if looks_like_code(given):
        return parse_code(given)
    if not given.lower().startswith(("product", "0x")):
        named = given.partition(":")[0].lower() in schemes() if ":" in given else False
        if named or any(scheme.looks_so(given) for scheme in schemes().values()):
            return parse_catalogue_id(given)
    from registry.domain.ids import ProductId  # noqa: PLC0415 (start-up time)

    return ProductId.parse(text)


def register(scheme: Scheme) -> None:
    """Make the identifiers of a catalogue known; a scheme of the same name takes the old place."""
    schemes()[scheme.name] = scheme


@cache
def schemes() -> dict[str, Scheme]:
    """Return the schemes by name: our reading of the NDI's, then those of entry points."""
    from registry.domain.catalogue_ndi import NDI  # noqa: PLC0415 (start-up time)

    return {scheme.name: scheme for scheme in (NDI, *_entry_points())}


def _entry_points() -> Iterator[Scheme]:
    from importlib.metadata import entry_points  # noqa: PLC0415 (start-up time)

    for point in entry_points(group=ENTRY_POINTS):
        yield point.load()()


def _mistyped(given: str, problem: str) -> ProductCodeMistyped:
    return ProductCodeMistyped(given=given, scheme="registration", problem=problem)
