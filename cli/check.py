"""`dengji check`: ask whether a party may use a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import moments, shapes
from cli.grammar import command
from cli.output import Answer
from cli.use_options import use_asked_about

if TYPE_CHECKING:
    from cli.session import Session
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Action, Environment, Purpose
    from registry.services.actor import Me


@command("check")
@use_asked_about
def check(  # noqa: PLR0913, PLR0917 (a use has this many sides)
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
) -> Answer:
    """Ask, and answer by the exit code too."""
    from registry.domain.vocabulary import Environment as Where  # noqa: PLC0415 (start-up time)

    client = session.reading()
    answer = client.grants.check(
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
    return Answer(
        headline=f"cli.verdict.{answer.verdict.name}",
        value={
            "product": str(product),
            **shapes.check(answer),
            "deployment": shapes.earlier(client.ledger, product),
        },
        exit_code=0 if answer else 1,
    )
