"""`dengji explain`: say which conditions stand against a use, and what would have to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli import moments, shapes
from cli.grammar import command, option
from cli.output import Raw
from cli.plain import plain, wrapped
from cli.types import NumberType
from cli.use_options import use_asked_about
from registry import messages
from registry.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.judgement import Finding
    from registry.domain.vocabulary import Action, Environment, Purpose
    from registry.services.actor import Me
    from registry.services.questions import Explained, Explanation

_COLUMNS: Final = 96


@command("explain")
@use_asked_about
@option("--limit", type=NumberType(min=1), default=10, metavar="NUMBER")
def explain(  # noqa: PLR0913, PLR0917 (a use has this many sides)
    session: Session,
    product: ProductId,
    grantee: PartyId | Me,
    action: Action,
    purpose: Purpose,
    amount: int,
    version: int,
    environment: Environment | None,
    territory: int,
    at: str | None,
    limit: int,
) -> Raw:
    """Ask, and say of each grant what stands against the use."""
    from registry.domain.vocabulary import Environment as Where  # noqa: PLC0415 (start-up time)

    answer = session.reading().questions.explain(
        product,
        grantee,
        action,
        purpose,
        amount=amount,
        version=version,
        environment=environment or Where(0),
        territory=territory,
        at=moments.moment(at),
    )
    return Raw(
        text="\n".join(_told(answer, session.lang, limit)),
        value=_shape(answer, session.lang, limit),
        exit_code=0 if answer else 1,
    )


def _shape(answer: Explained, lang: str, limit: int) -> Shape:
    use = answer.use
    return {
        "product": str(answer.product),
        "allowed": bool(answer),
        "verdict": answer.verdict.name,
        "grantee": str(use.user),
        "action": use.action.name,
        "purpose": use.purpose.name,
        "amount": str(use.amount),
        "version": use.version or None,
        "environment": use.environment.name if use.environment else None,
        "territory": use.territory or None,
        "at": shapes.moment(answer.moment),
        "grants": [_judged(one, lang) for one in answer.explanations[:limit]],
        "grants_count": len(answer.explanations),
    }


def _judged(one: Explanation, lang: str) -> Shape:
    holding = (each.verdict.name for each in one.judgement.findings if each.holds)
    return {
        "grant": str(one.grant),
        "verdict": one.verdict.name,
        "holds": list(dict.fromkeys(holding)),
        "fails": [_finding(each, lang) for each in one.judgement.failing],
    }


def _finding(one: Finding, lang: str) -> Shape:
    return {
        "verdict": one.verdict.name,
        "clause": None if one.clause is None else one.clause.name,
        "subject": None if one.subject is None else str(one.subject),
        "granted": one.granted or None,
        "asked": one.asked or None,
        "said": said(one, lang),
        "needed": needed(one, lang),
    }


def said(one: Finding, lang: str) -> str:
    """Return a condition that does not hold as a sentence, with what is granted and asked."""
    return _sentence("said", one, lang)


def needed(one: Finding, lang: str) -> str:
    """Return what would have to change for a condition to hold, as a sentence."""
    return _sentence("needed", one, lang)


def _sentence(kind: str, one: Finding, lang: str) -> str:
    granted, asked = one.granted, one.asked
    timed = one.verdict is Verdict.NOT_STARTED
    return messages.text(
        f"explain.{kind}.{one.verdict.name}",
        lang,
        subject=one.subject or "",
        granted=int(granted or 0) if timed else granted or "NONE",
        asked=int(asked or 0) if timed else asked or "NONE",
    )


def _told(answer: Explained, lang: str, limit: int) -> Iterator[str]:
    """Yield the answer, the question, and each grant with what stands against the use."""

    def say(key: str, **fields: object) -> str:
        return plain(messages.text(f"cli.explain.{key}", lang, **fields))

    use = answer.use
    words = {"action": use.action.name, "purpose": use.purpose.name}
    yield plain(messages.text(f"cli.verdict.{answer.verdict.name}", lang, **words))
    place = {"block": answer.moment.block, "time": answer.moment.time}
    yield "  " + say("asked", grantee=use.user, amount=use.amount, **words, **place)
    if not answer.explanations:
        yield "  " + say("no-grant", product=answer.product)
    for one in answer.explanations[:limit]:
        yield ""
        yield say("allowed" if one.verdict is Verdict.OK else "refused", grant=one.grant)
        for each in one.judgement.failing:
            yield from _indented("  - ", said(each, lang))
            yield from _indented("    ", say("needed", needed=needed(each, lang)))
    left = len(answer.explanations) - limit
    if left > 0:
        yield ""
        yield say("more", count=left)


def _indented(mark: str, text: str) -> Iterator[str]:
    for number, line in enumerate(wrapped(plain(text), _COLUMNS - len(mark))):
        yield (mark if number == 0 else "    ") + line
