"""`dengji case`: what registrars decide, each told with its notice."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli import case_shapes
from cli.files import look_for_room, read_bytes, read_text
from cli.grammar import Command, argument, command, option
from cli.output import Answer, Raw
from cli.types import DAY, DIGEST, FILE, PARTY, PRODUCT, NumberType, WordType
from registry.domain.case_operations import NO_DIGEST
from registry.domain.flow_table import DAYS, DEFAULT_DAYS, Act, CaseKind, Clock
from registry.errors import FileUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.notices import Notice
    from registry.domain.vocabulary import Reason, Right
    from registry.services.cases import Acted

F = TypeVar("F", bound="Callable[..., object]")

product_argument = argument("product", type=PRODUCT)


def _with_room(
    context: click.Context, parameter: click.Parameter, path: Path | None
) -> Path | None:
    """Look, before anything is decided, whether its notice can be written."""
    del parameter
    if path is not None and not context.resilient_parsing:
        look_for_room(path)
    return path


_notice = option("--notice", type=FILE, metavar="FILE", callback=_with_room)
_days = option("--days", type=NumberType(1, 30), default=DEFAULT_DAYS, metavar="DAYS")
_OUTCOMES: Final = ("rejected", "upheld", "settled", "referred")


def evidence_option(*, required: bool = False) -> Callable[[F], F]:
    """Declare the file that an act rests on; its digest goes on the chain."""
    return option("--evidence", type=FILE, required=required, metavar="FILE")


def digest(path: Path | None) -> bytes:
    """Return the SHA-256 of a file, 32 bytes, all zero for none."""
    return NO_DIGEST if path is None else sha256(read_bytes(path)).digest()


def write(path: Path, text: str) -> None:
    """Write a text into a file; raises `FileUnwritable`."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileUnwritable(path=str(path), reason=error.strerror or str(error)) from error


def told(
    session: Session, made: Acted, *, notice: Path | None = None, **facts: object
) -> Answer | Raw:
    """Answer what an act came to: with the notice that it is told with, else in a sentence.

    `facts` are what the notice may tell beside what the case itself says; empty digests are none.
    """
    if made.submission is not None and made.submission.late:
        from cli.timeline import submission_said  # noqa: PLC0415 (start-up time)

        key, times = submission_said(made.submission)
        session.printer.note(key, **times)
    text = _notice_of(session, made, facts)
    if text is None:
        value = case_shapes.acted(made)
        said = {"number": made.case.index + 1}
        headline = f"cli.case.{made.act.name.lower().replace('_', '-')}.done"
        return Answer(headline=headline, value=value, said=said)
    if notice is not None:
        markdown = notice.suffix.lower() in (".md", ".markdown")
        write(notice, text.markdown(session.lang) if markdown else text.text(session.lang) + "\n")
    shown = text.text(session.lang)
    return Raw(text=shown, value=case_shapes.acted(made, shown))


def _notice_of(session: Session, made: Acted, facts: dict[str, Any]) -> Notice | None:
    from registry.domain import flow  # noqa: PLC0415 (start-up time)
    from registry.domain.notices import Facts, notice_for  # noqa: PLC0415 (start-up time)

    case, receipt = made.case, made.receipt
    given = {name: value for name, value in facts.items() if value not in (None, NO_DIGEST)}
    if "valid_until" in given:
        window = flow.renewal_window(case.profile, int(given["valid_until"]))
        given |= {"valid_from": receipt.time, "renew_from": window[0]}
    given.setdefault("days", _statutory(made))
    known = Facts(
        product=case.product,
        applicant=case.filer,
        registrar=case.registrar,
        decided=receipt.time,
        submitted=case.submitted,
        due=made.due,
        code=made.code,
        case=case.index + 1,
        block=receipt.block,
        transaction=receipt.transaction,
        local=session.settings.local,
        **given,
    )
    return notice_for(made.act.name, profile=case.profile, case_kind=case.kind.name, facts=known)


def _statutory(made: Acted) -> int | None:
    """Return the working days of the time limit that an act starts by itself, None for none."""
    from registry.domain.flow import review_days  # noqa: PLC0415 (start-up time)

    if made.act is Act.ACCEPT:
        return review_days(made.case)
    clock = {Act.PUBLICISE: Clock.PUBLICITY, Act.OBJECT: Clock.OBJECTION}.get(made.act)
    return None if clock is None else DAYS[clock][made.case.profile]


def _decision(name: str, act: Act) -> Command:
    """Return the command of a decision that rests on a document, where one is given."""
    document = "--cause" if act is Act.WAIVE else "--reasons"

    @command(f"case.{name}")
    @product_argument
    @option(document, "document", type=FILE, required=act is Act.WAIVE, metavar="FILE")
    @_notice
    def decide(
        session: Session, product: ProductId, document: Path | None, notice: Path | None
    ) -> Answer | Raw:
        given = digest(document)
        made = session.writing().cases.proceed(product, act, evidence=given)
        reason = None if document is None else _words(document)
        cause = given if act is Act.WAIVE else None
        return told(session, made, notice=notice, reason=reason, cause=cause)

    return decide


def _plain(name: str, act: Act) -> Command:
    """Return the command of a decision that rests on nothing."""

    @command(f"case.{name}")
    @product_argument
    @_notice
    def decide(session: Session, product: ProductId, notice: Path | None) -> Answer | Raw:
        made = session.writing().cases.proceed(product, act)
        return told(session, made, notice=notice)

    return decide


def _listed(name: str, act: Act) -> Command:
    """Return the command that hands the applicant a list, with a time limit."""

    @command(f"case.{name}")
    @product_argument
    @option("--list", "listed", type=FILE, required=True, metavar="FILE")
    @_days
    @_notice
    def decide(
        session: Session, product: ProductId, listed: Path, days: int, notice: Path | None
    ) -> Answer | Raw:
        items = tuple(line.strip() for line in read_text(listed).splitlines() if line.strip())
        cases = session.writing().cases
        made = cases.proceed(product, act, evidence=digest(listed), days=days)
        return told(session, made, notice=notice, items=items, days=days)

    return decide


def _words(path: Path) -> str | None:
    """Return the text of a document for the notice, None where it is no short text."""
    try:
        text = read_bytes(path).decode().strip()
    except UnicodeDecodeError:
        return None
    return text if 0 < len(text) <= _SHORT else None


_SHORT: Final = 2_000


@command("case.extend")
@product_argument
@option("--days", type=NumberType(1, 10), required=True, metavar="DAYS")
@option("--reasons", type=FILE, metavar="FILE")
@_notice
def extend(
    session: Session,
    product: ProductId,
    days: int,
    reasons: Path | None,
    notice: Path | None,
) -> Answer | Raw:
    """Make a review longer."""
    cases = session.writing().cases
    made = cases.proceed(product, Act.EXTEND, evidence=digest(reasons), days=days)
    return told(session, made, notice=notice, days=days)


@command("case.decide")
@product_argument
@option("--outcome", type=click.Choice(_OUTCOMES), required=True)
@option("--reasons", type=FILE, required=True, metavar="FILE")
@option("--objection", type=NumberType(0), metavar="NUMBER")
@_notice
def decide(
    session: Session,
    product: ProductId,
    outcome: str,
    reasons: Path,
    objection: int | None,
    notice: Path | None,
) -> Answer | Raw:
    """Decide an objection."""
    from registry.domain.case import Outcome  # noqa: PLC0415 (start-up time)

    cases = session.writing().cases
    made = cases.decide(product, Outcome[outcome.upper()], reasons=digest(reasons), index=objection)
    return told(session, made, notice=notice, reason=_words(reasons))


@command("case.finalise")
@product_argument
@evidence_option(required=True)
@option("--until", type=DAY, metavar="DAY")
@option("--root", type=DIGEST, metavar="ROOT")
@option("--metadata-hash", type=DIGEST, metavar="HASH")
@_notice
def finalise(
    session: Session,
    product: ProductId,
    evidence: Path,
    until: int | None,
    root: bytes | None,
    metadata_hash: bytes | None,
    notice: Path | None,
) -> Answer | Raw:
    """Enter what a case asks for in the record."""
    from registry.domain.calendar import start_of  # noqa: PLC0415 (start-up time)

    client = session.writing()
    made = client.cases.register(
        product,
        evidence=digest(evidence),
        valid_until=None if until is None else start_of(until),
        content_root=root or NO_DIGEST,
        metadata_hash=metadata_hash or NO_DIGEST,
    )
    after = client.products.get(product)
    facts: dict[str, object] = {"evidence": digest(evidence)}
    if made.case.kind in (CaseKind.INITIAL, CaseKind.RENEWAL):
        facts["valid_until"] = after.until
    if made.case.kind in (CaseKind.CHANGE, CaseKind.CORRECTION):
        facts["version"] = after.latest
    return told(session, made, notice=notice, **facts)


def _ended(name: str, act: Act) -> Command:
    """Return the command by which a registrar ends a registration of its own motion."""

    @command(f"case.{name}")
    @product_argument
    @option("--reason", type=WordType("Reason"), required=True, metavar="REASON")
    @evidence_option(required=True)
    @_notice
    def end(
        session: Session,
        product: ProductId,
        reason: Reason,
        evidence: Path,
        notice: Path | None,
    ) -> Answer | Raw:
        from registry import messages  # noqa: PLC0415 (start-up time)

        cases, given = session.writing().cases, digest(evidence)
        done = cases.revoke if act is Act.REVOKE else cases.cancel
        made = done(product, reason, given)
        said = messages.term("reason", reason.name, session.lang)
        return told(session, made, notice=notice, reason=said, evidence=given)

    return end


@command("case.award")
@product_argument
@option("--from", "giver", type=PARTY, required=True, metavar="PARTY")
@option("--to", type=PARTY, required=True, metavar="PARTY")
@option("--rights", type=WordType("Right", many=True), required=True, metavar="RIGHTS")
@evidence_option(required=True)
@_notice
def award(
    session: Session,
    product: ProductId,
    giver: PartyId,
    to: PartyId,
    rights: Right,
    evidence: Path,
    notice: Path | None,
) -> Answer | Raw:
    """Execute an award."""
    made = session.writing().cases.award(product, giver, to, rights, digest(evidence))
    return told(session, made, notice=notice, to=to, rights=rights, evidence=digest(evidence))


COMMANDS: Final[tuple[Command, ...]] = (
    _plain("accept", Act.ACCEPT),
    _listed("return", Act.RETURN),
    _decision("not-accept", Act.NOT_ACCEPT),
    _listed("ask", Act.ASK),
    extend,
    _plain("publicise", Act.PUBLICISE),
    _decision("waive", Act.WAIVE),
    decide,
    _decision("refuse", Act.REFUSE),
    finalise,
    _ended("cancel", Act.CANCEL),
    _ended("revoke", Act.REVOKE),
    award,
)
"""The commands of registrars, in the order of help."""
