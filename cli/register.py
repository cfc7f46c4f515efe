"""`dengji register`: register a file or folder as a data product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli import progress, shapes
from cli.applying import CASE_OPTIONS, applied_for, case_options, require_profile
from cli.deriving import made_from, made_options
from cli.descriptions import PROFILE, Given, applications, applied, described, description_options
from cli.files import look_at
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.register_table import TABLE_OPTIONS, registered_table, require_apart, table_options
from cli.resuming import resumable, resume_option
from cli.types import FILE, PRODUCT, SALT, WordType
from registry.errors import OptionsUnfit, PrivacyUnfit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cli.output import Raw
    from cli.session import Session
    from registry.domain.application import Application
    from registry.domain.ids import ProductId
    from registry.domain.product import Profile
    from registry.domain.vocabulary import Right, SecurityClass, Source
    from registry.services.deriving import Made
    from registry.services.registrations import Registration


@command("register")
@argument("path", type=FILE, required=False)
@option("--profile", type=PROFILE, default="OPEN", metavar="PROFILE")
@description_options
@option("--form", is_flag=True)
@option("--rights", type=WordType("Right", many=True), metavar="RIGHTS")
@option("--security-class", type=WordType("SecurityClass"), metavar="CLASS")
@option("--source", type=WordType("Source"), metavar="SOURCE")
@option("--catalog", metavar="ID")
@option("--salt", type=SALT, default=0, metavar="NUMBER")
@option("--private", is_flag=True)
@resume_option
@option("--series", type=PRODUCT, metavar="PRODUCT")
@option("--locator", metavar="URL")
@made_options
@case_options
@table_options
def register(  # noqa: PLR0913, PLR0917 (an application has this many sides)
    session: Session,
    path: Path | None,
    profile: Profile,
    form: bool,
    rights: Right | None,
    security_class: SecurityClass | None,
    source: Source | None,
    catalog: str | None,
    salt: int,
    private: bool,
    resume: bool,
    series: ProductId | None,
    locator: str | None,
    **given: Any,  # noqa: ANN401 (click's)
) -> Answer | Raw:
    """Register the content at a path, or all contents of a table."""
    table = {name: given.pop(name) for name in TABLE_OPTIONS}
    everything = {**given, "profile": profile, "form": form, "catalog": catalog, "salt": salt}
    listing = {"series": series, "locator": locator}
    alone = {**listing, "private": private, "resume": resume}
    require_apart(path, table, {**everything, **alone})
    if path is None:
        declared = {"rights": rights, "security_class": security_class, "source": source}
        return registered_table(session, table, {**everything, **declared, "series": series})
    case = {name: given.pop(name) for name in CASE_OPTIONS}
    require_profile(profile, case)
    made = made_from(given)
    _require_unlisted(listing, made, profile)
    if profile.name != "OPEN":
        if private:
            raise PrivacyUnfit(profile=profile.name)
        # What derived data was made of is said once: the form names it too.
        sources = () if made is None else made.sources
        given["assigned"] += tuple(("sources", str(one.product)) for one in sources)
    # What cannot be registered is refused before a chain is started for it.
    wanted = _with_catalogue_id(Given(**given), catalog)
    application = application_of(session, path, profile, wanted, form=form)
    look_at(path)
    if application is not None and profile.name != "OPEN":
        particulars = {"rights": rights, "security_class": security_class, "source": source}
        asked = {**case, **particulars, "salt": salt, "made": made, "resume": resume}
        with resumable(session, path, resume=resume):
            return applied_for(session, path, application, asked)
    client = session.writing()
    with resumable(session, path, resume=resume), progress.shown(session) as show:
        registration = client.products.register(
            path,
            metadata=application.metadata if application else None,
            rights=rights or _stated_rights(application),
            security_class=_class(security_class, application),
            **_origin(source, application),
            salt=salt,
            private=private,
            made=made or _described_making(application, source),
            resume=resume,
            series=series,
            locator=locator or "",
            progress=show,
        )
    if form:
        applications(session).drop_draft(str(path.absolute()), profile.name)
    return registered(session, registration)


def _require_unlisted(listing: Mapping[str, object], made: Made | None, profile: Profile) -> None:
    """Refuse to tell of a series or a locator where the ledger has no place for that."""
    told = [f"--{name}" for name, value in listing.items() if value]
    other = "--profile" if profile.name != "OPEN" else "--from" if made is not None else None
    if told and other is not None:
        raise OptionsUnfit(rule="apart", options=[other, *told])


def _described_making(application: Application | None, source: Source | None) -> Made | None:
    """Return what a description says that derived data was made of, None for nothing."""
    if application is None or not application.parents:
        return None
    if (application.source if source is None else source).name != "DERIVED":
        return None
    from registry.services.deriving import Made, Wanted  # noqa: PLC0415 (start-up time)

    return Made(sources=tuple(Wanted(product=one) for one in application.parents))


def _stated_rights(application: Application | None) -> Right | None:
    return application.applicant_rights if application and application.rights else None


def _origin(source: Source | None, application: Application | None) -> dict[str, Any]:
    """Return where the data comes from and what else is true of it, as typed or as described."""
    stated: dict[str, Any] = {}
    if application is not None:
        stated = {"source": application.source, "flags": application.flags}
    return stated if source is None else {**stated, "source": source}


def _with_catalogue_id(given: Given, catalog: str | None) -> Given:
    """Return the description with a catalogue identifier, once that is found to be none mistyped.

    Raises `ProductCodeMistyped`, `CatalogueSchemeUnknown`.
    """
    if catalog is None:
        return given
    from dataclasses import replace  # noqa: PLC0415 (start-up time)

    from registry.domain.codes import parse_catalogue_id  # noqa: PLC0415 (start-up time)

    text = str(parse_catalogue_id(catalog))
    return replace(given, assigned=(*given.assigned, ("catalogId", text)))


def _class(asked: SecurityClass | None, application: Application | None) -> SecurityClass | None:
    stated = application is not None and application.data_class is not None
    return application.security_class if asked is None and application and stated else asked


def application_of(
    session: Session, path: Path, profile: Profile, given: Given, *, form: bool = False
) -> Application | None:
    """Return the whole application for the data at a path, None where nothing describes it.

    It is kept at home, people included, wherever it says anything of them. Raises
    `MetadataInvalid` with all that is wrong or that the profile misses.
    """
    from registry.domain.product import Profile  # noqa: PLC0415 (start-up time)

    if profile is Profile.OPEN and not form and not given.anything:
        return None
    mapping = described(session, given, path).mapping
    if form:
        mapping = _filled(session, path, profile, mapping)
    made = applied(session, mapping, profile, path)
    if made.confidential_salt is not None:
        kept = applications(session).keep(made)
        session.printer.note("cli.metadata.kept", file=str(kept))
    return made


def _filled(
    session: Session, path: Path, profile: Profile, mapping: dict[str, Any]
) -> dict[str, Any]:
    """Return the fields as a person fills them in, beginning with those that are known."""
    from cli.form import Form  # noqa: PLC0415 (start-up time)
    from registry.domain.metadata import Metadata  # noqa: PLC0415 (start-up time)

    known = {"dataName": Metadata.named_after(path).data_name, **mapping}
    home, data = applications(session), str(path.absolute())
    return Form(session, profile, home, data, known).fill()


def registered(session: Session, made: Registration) -> Answer:
    """Answer what registering came to, a claim of others included."""
    if made.salts is not None:
        session.printer.note("cli.register.salts", file=str(made.salts))
    if made.plain:
        session.printer.note("cli.register.plain", product=made.plain[0].product)
    if made.others:
        session.printer.note("cli.register.others", count=len(made.others))
    return Answer(
        headline="cli.register.already" if made.already else "cli.register.done",
        value=shapes.registration(made),
    )
