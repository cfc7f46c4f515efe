"""Take a description from a file, from flags, or from what stands beside the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.files import read_bytes
from cli.grammar import option, together
from cli.types import FILE
from registry.records import dataclass

if TYPE_CHECKING:
    from cli.session import Session
    from registry.applications import Applications
    from registry.domain.application import Application
    from registry.domain.metadata_documents import Description
    from registry.domain.metadata_mapping import Unmapped
    from registry.domain.product import Profile

FORMATS: Final = ("toml", "json", "datapackage", "croissant", "dcat")
_SHOWN: Final = 20


class _Assignment(click.ParamType[Any, Any]):
    """A field and its value, as in `summary=text`."""

    name = "assignment"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, str]:
        """Return name and value; without an equals sign it is wrong usage."""
        if isinstance(value, tuple):
            return value
        name, equals, given = str(value).partition("=")
        if not equals or not name:
            self.fail(f"'{value}'", param, ctx)
        return name.strip(), given


class ProfileType(click.ParamType[Any, Any]):
    """The name of a profile, in any case."""

    name = "profile"

    def convert(
        self,
        value: Any,  # noqa: ANN401 (click's)
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Profile:
        """Return the profile; raises `TermUnknown`."""
        del param, ctx
        # Imported here for start-up time: help converts nothing.
        from registry.domain.product import Profile  # noqa: PLC0415
        from registry.errors import TermUnknown  # noqa: PLC0415

        known = [one.name for one in Profile if one is not Profile.NONE]
        if str(value).upper() not in known:
            raise TermUnknown(vocabulary="Profile", given=str(value), known=known)
        return Profile[str(value).upper()]


PROFILE = ProfileType()

description_options: Final = together(
    option("--metadata", type=FILE, metavar="FILE"),
    option("--metadata-format", type=click.Choice(FORMATS)),
    option("--find-metadata", is_flag=True),
    option("--set", "assigned", type=_Assignment(), multiple=True, metavar="FIELD=VALUE"),
)
"""The options that say where a description comes from; `Given` takes their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hold what the options of a description were given."""

    metadata: Path | None = None
    metadata_format: str | None = None
    find_metadata: bool = False
    assigned: tuple[tuple[str, str], ...] = ()

    @property
    def anything(self) -> bool:
        """Tell whether there is any description."""
        return bool(self.metadata or self.find_metadata or self.assigned)


def described(session: Session, given: Given, beside: Path | None = None) -> Description:
    """Return the fields that were given, with the digests of the documents that they name.

    What another format says and the form has no place for is said on stderr. Raises
    `MetadataUnreadable`, and the errors of `read_bytes`.
    """
    # Imported here for start-up time: few commands read a description.
    from registry.domain.metadata_documents import Description  # noqa: PLC0415
    from registry.domain.metadata_files import find_beside, with_digests  # noqa: PLC0415

    file = given.metadata
    if file is None and given.find_metadata and beside is not None:
        file = find_beside(beside)
        session.printer.note("cli.metadata.found", file=str(file))
    found = Description(format="flags", mapping={}) if file is None else _read(file, given)
    mapping = with_digests(found.mapping, (file or Path()).absolute().parent)
    mapping |= _assigned(given.assigned)
    say_unmapped(session, found.unmapped)
    return Description(format=found.format, mapping=mapping, unmapped=found.unmapped)


def applied(
    session: Session, mapping: dict[str, Any], profile: Profile, path: Path | None = None
) -> Application:
    """Return the whole application; under OPEN what has no name is called after its path.

    Raises `MetadataInvalid` with all that is wrong or missing.
    """
    from registry.domain.application import Application  # noqa: PLC0415 (start-up time)
    from registry.domain.metadata import Metadata  # noqa: PLC0415 (start-up time)
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    if path is not None and profile is Profile.OPEN:
        mapping = {"dataName": Metadata.named_after(path).data_name, **mapping}
    people = any(mapping.get(name) for name in ("applicants", "rights"))
    secret = applications(session).secret() if people else b""
    return Application.from_mapping(mapping, profile, secret=secret)


def applications(session: Session) -> Applications:
    """Return what keeps applications at home."""
    from registry.applications import Applications  # noqa: PLC0415 (start-up time)

    return Applications(session.settings.home)


def say_unmapped(session: Session, left: tuple[Unmapped, ...]) -> None:
    """Say on stderr what was not taken over, the first of them one by one."""
    from registry import messages  # noqa: PLC0415 (start-up time)

    for one in left[:_SHOWN]:
        why = messages.text(f"word.{one.reason}", session.lang)
        session.printer.note(
            "cli.metadata.unmapped", where=one.where, why=why, value=one.value, count=one.count
        )
    if len(left) > _SHOWN:
        session.printer.note("cli.metadata.unmapped-more", count=len(left) - _SHOWN)


def _read(file: Path, given: Given) -> Description:
    from registry.domain.metadata_documents import read  # noqa: PLC0415 (start-up time)

    return read(read_bytes(file), file=str(file), form=given.metadata_format)


def _assigned(assigned: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Return the fields that flags gave; a list takes as many as are given."""
    from registry.domain.application import DOCUMENT  # noqa: PLC0415 (start-up time)
    from registry.domain.fields import Flag, Many  # noqa: PLC0415 (start-up time)

    made: dict[str, Any] = {}
    for name, value in assigned:
        kind = DOCUMENT[name].kind if name in DOCUMENT else None
        said = {"true": True, "false": False}.get(value, value) if isinstance(kind, Flag) else value
        if isinstance(kind, Many):
            made.setdefault(name, []).append(_item(value))
        else:
            made[name] = said
    return made


def _item(value: str) -> object:
    """Return one item of a list: an object where it is written as one in JSON."""
    if not value.startswith("{"):
        return value
    from registry.domain.nesting import read_shallow  # noqa: PLC0415 (start-up time)

    try:
        return read_shallow(value)
    except ValueError:
        return value
