"""`dengji deploy`: deploy the contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.grammar import command, option
from cli.identities import identified, text_of
from cli.output import Answer
from cli.types import ADDRESS

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from registry.domain.ids import Address


@command("deploy")
@option("--policy", type=click.Choice(["OPEN", "REGISTRARS"]), default="OPEN")
@option("--succeeds", type=ADDRESS, metavar="ADDRESS")
@option("--seat", metavar="SEAT", default="001")
@identified()
def deploy(
    session: Session,
    policy: str,
    succeeds: Address | None,
    seat: str,
    credit_code: str | None,
    identity: str | None,
    identity_file: Path | None,
) -> Answer:
    """Deploy the contracts, and remember their directory."""
    from registry.domain.keys import parse_seat  # noqa: PLC0415 (start-up time)
    from registry.domain.party import Enrolment  # noqa: PLC0415 (start-up time)

    made = session.connection().deploy(
        Enrolment[policy],
        identity=text_of(credit_code, identity, identity_file),
        seat=parse_seat(seat),
        succeeds=succeeds,
    )
    return Answer(
        headline="cli.deploy.done",
        value={
            "network": session.settings.network,
            "chain_id": made.chain_id,
            "directory": str(made.directory),
            "parties": str(made.parties),
            "products": str(made.products),
            "grants": str(made.grants),
            "interface_version": made.interface_version,
            "block": made.block,
            "predecessor": None if made.predecessor is None else str(made.predecessor),
            "local": session.settings.local,
        },
    )
