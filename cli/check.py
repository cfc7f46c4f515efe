"""`dengji check`: ask whether a party may use a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import moments, shapes
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.types import PARTY_OR_ME, PRODUCT, TERRITORY, VERSION, NumberType, WordType

if TYPE_CHECKING:
    from cli.session import Session
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.vocabulary import Action, Environment, Purpose
    from registry.services.actor import Me


@command("check")
@argument("product", type=PRODUCT)
@option("--grantee", type=PARTY_OR_ME, required=True, metavar="PARTY")
@option("--action", type=WordType("Action"), required=True, metavar="ACTION")
@option("--purpose", type=WordType("Purpose"), required=True, metavar="PURPOSE")
@option("--amount", type=NumberType(min=0), default=1, metavar="NUMBER")
@option("--version", type=VERSION, default=0, metavar="NUMBER")
@option("--environment", type=WordType("Environment"), metavar="WHERE")
@option("--territory", type=TERRITORY, default=0, metavar="CODE")
@option("--at", metavar="WHEN")
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
