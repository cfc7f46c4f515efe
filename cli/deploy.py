"""`dengji deploy`: deploy the contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.grammar import command, option
from cli.output import Answer

if TYPE_CHECKING:
    from cli.session import Session


@command("deploy")
@option("--policy", type=click.Choice(["OPEN", "REGISTRARS"]), default="OPEN")
def deploy(session: Session, policy: str) -> Answer:
    """Deploy the contracts, and remember their directory."""
    from registry.domain.party import Enrolment  # noqa: PLC0415 (start-up time)

    made = session.connection().deploy(Enrolment[policy])
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
