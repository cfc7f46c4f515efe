"""Convert what stands on the command line, or raise a coded error, whose exit code is 3."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from enum import IntEnum, IntFlag

    from cli.session import Session
    from registry.domain.clauses import Quota
    from registry.domain.ids import Address, GrantId, PartyId, ProductId

_DIGEST_DIGITS: Final = 64
_MOST_DIGITS: Final = 40
_PRODUCT_IDS: Final = ("product1", "0x")


class IdType(click.ParamType[Any, Any]):
    """A product, grant or party id as its text or 0x-hex; a party may be `me`."""

    def __init__(self, kind: str, *, me: bool = False) -> None:
        """Name the kind of id."""
        self.name = kind
        self.me = me

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> ProductId | GrantId | PartyId | str:
        """Parse the id; raises `IdMistyped`."""
        del param, ctx
        # Imported here for start-up time: help converts nothing.
        from registry.domain import ids  # noqa: PLC0415

        if self.me and value == "me":
            return "me"
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        kinds: dict[str, type[ProductId | GrantId | PartyId]]
        kinds = {"product": ids.ProductId, "grant": ids.GrantId, "party": ids.PartyId}
        return kinds[self.name].parse(value)


class WordType(click.ParamType[Any, Any]):
    """One word of a vocabulary, or with `many` any number of them, separated by commas."""

    def __init__(self, vocabulary: str, *, many: bool = False) -> None:
        """Name the vocabulary as `registry.domain.vocabulary` does."""
        self.name = vocabulary
        self.many = many

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> IntEnum | IntFlag:
        """Parse the word or words; raises `TermUnknown`."""
        del param, ctx
        # Imported here for start-up time: help converts nothing.
        from registry.domain import words  # noqa: PLC0415

        return words.parse(self.name, str(value), many=self.many)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[Any]:
        """Offer the words that begin so."""
        del ctx, param
        from click.shell_completion import CompletionItem  # noqa: PLC0415 (start-up time)

        from registry.domain import words  # noqa: PLC0415 (start-up time)

        before, comma, last = incomplete.rpartition(",") if self.many else ("", "", incomplete)
        known = words.known(self.name)
        return [
            CompletionItem(before + comma + word) for word in known if word.startswith(last.upper())
        ]


class ProductType(IdType):
    """A product by its id, its code of registration, or its identifier in a catalogue."""

    def __init__(self) -> None:
        """Name the kind of id."""
        super().__init__("product")

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> ProductId | GrantId | PartyId | str:
        """Parse the id, or have the ledger say which product the code names.

        Raises `IdMistyped`, `ProductCodeMistyped`, `ProductCodeUnknown`.
        """
        if ctx is None or not isinstance(value, str) or value.lower().startswith(_PRODUCT_IDS):
            return super().convert(value, param, ctx)
        # Imported here for start-up time: most products are named by their id.
        from registry.domain.codes import parse_reference  # noqa: PLC0415
        from registry.domain.ids import ProductId  # noqa: PLC0415

        reference = parse_reference(value)
        if isinstance(reference, ProductId):
            return reference
        session: Session = ctx.find_root().obj
        return session.reading().products.find(reference)


PRODUCT = ProductType()
GRANT = IdType("grant")
PARTY = IdType("party")
PARTY_OR_ME = IdType("party", me=True)


class DigestType(click.ParamType[Any, Any]):
    """A digest of 32 bytes in hexadecimal digits."""

    name = "digest"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> bytes:
        """Parse the digits; raises `DigestMalformed`."""
        del param, ctx
        # Imported here for start-up time: help converts nothing.
        from registry.errors import DigestMalformed  # noqa: PLC0415

        digits = str(value).removeprefix("0x")
        try:
            raw = bytes.fromhex(digits)
        except ValueError as error:
            raise DigestMalformed(given=str(value)) from error
        if len(digits) != _DIGEST_DIGITS or len(raw) * 2 != _DIGEST_DIGITS:
            raise DigestMalformed(given=str(value))
        return raw


class AddressType(click.ParamType[Any, Any]):
    """An account's address."""

    name = "address"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Address:
        """Parse the address; raises `AddressMistyped`."""
        del param, ctx
        from registry.domain.ids import Address as Account  # noqa: PLC0415 (start-up time)

        return Account.parse(str(value))


class SignatureType(click.ParamType[Any, Any]):
    """A signature as 0x and digits, of a key or of a contract wallet."""

    name = "signature"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> bytes:
        """Parse the digits; raises `SignatureMalformed`."""
        del param, ctx
        from registry.errors import SignatureMalformed  # noqa: PLC0415 (start-up time)

        try:
            raw = bytes.fromhex(str(value).removeprefix("0x"))
        except ValueError as error:
            raise SignatureMalformed(given=str(value)) from error
        if not raw:
            raise SignatureMalformed(given=str(value))
        return raw


class GrantOrFileType(click.ParamType[Any, Any]):
    """A grant's id, or the file of an offer."""

    name = "grant"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> GrantId | Path:
        """Take what looks like an id for one, all else for a file; raises `IdMistyped`."""
        del param, ctx
        given = str(value)
        path = Path(given)
        if not path.exists() and (given.lower().startswith(("grant1", "0x")) or "." not in given):
            from registry.domain.ids import GrantId as Grant  # noqa: PLC0415 (start-up time)

            return Grant.parse(given)
        return path


class TerritoryType(click.ParamType[Any, Any]):
    """A territory's code."""

    name = "territory"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Parse the code; raises `TerritoryMistyped`."""
        del param, ctx
        from registry.domain import territory  # noqa: PLC0415 (start-up time)

        return value if isinstance(value, int) else territory.parse(str(value))


class QuotaType(click.ParamType[Any, Any]):
    """An amount with its unit, as in `1000CALL`."""

    name = "quota"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Quota:
        """Parse amount and unit; raises `QuotaMalformed`, and `ClauseRefused` beyond its range."""
        del param, ctx
        from registry.domain.clauses import Quota  # noqa: PLC0415 (start-up time)
        from registry.domain.vocabulary import QuotaUnit  # noqa: PLC0415 (start-up time)
        from registry.errors import QuotaMalformed  # noqa: PLC0415 (start-up time)

        given = str(value)
        unit = given.lstrip("0123456789_").strip().upper()
        digits = given[: len(given) - len(given.lstrip("0123456789_"))].replace("_", "")
        units = [one.name for one in QuotaUnit if one is not QuotaUnit.NONE]
        if unit not in units or not 0 < len(digits) <= _MOST_DIGITS:
            raise QuotaMalformed(given=given, units=units)
        return Quota(unit=QuotaUnit[unit], total=int(digits))


class DayType(click.ParamType[Any, Any]):
    """A day as ISO 8601 writes it, taken as its number from 1970-01-01 on."""

    name = "day"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Parse the day; raises `TimeMalformed`."""
        del param, ctx
        if isinstance(value, int):
            return value
        from registry.domain.calendar import parse_day  # noqa: PLC0415 (start-up time)

        return parse_day(str(value))


class FileType(click.Path):
    """A path, which may not be empty: that is how a variable that is not set looks."""

    def __init__(self) -> None:
        """Take any path; what reads it says what is wrong with it."""
        super().__init__(path_type=Path)

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 (click's)
        """Return the path; an empty one is wrong usage."""
        if value == "":
            self.fail("", param, ctx)
        return super().convert(value, param, ctx)


class NumberType(click.IntRange):
    """A whole number within bounds, which a refusal repeats with what was typed."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number; any other, or none, is wrong usage."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(str(value), param, ctx)

    def bounds(self) -> str:
        """Return the bounds as text, such as `0..63`, or `1..` without an upper one."""
        return f"{self.min}..{'' if self.max is None else self.max}"


FILE = FileType()
VERSION = NumberType(0, 65_535)
_PINNED = NumberType(1, 65_535)
SALT = NumberType(0, 2**64 - 1)
DIGEST = DigestType()
ADDRESS = AddressType()
SIGNATURE = SignatureType()
GRANT_OR_FILE = GrantOrFileType()
TERRITORY = TerritoryType()
DAY = DayType()
QUOTA = QuotaType()


def version_after(
    number: str | None, param: click.Parameter | None, ctx: click.Context | None
) -> int | None:
    """Return the version after an @, None without one; any that none can have is wrong usage."""
    if number is None:
        return None
    try:
        return _PINNED.convert(number, None, ctx)
    except click.BadParameter as error:
        # Said of the whole argument, whose bounds are not those of a number.
        raise click.BadParameter(f"'@{number}'", ctx=ctx, param=param) from error
