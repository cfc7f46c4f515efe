"""`dengji chain`: start, stop and look at the local dev chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import prompts, shapes
from cli.grammar import command, group, option
from cli.output import Answer
from cli.types import NumberType
from registry.errors import DevChainOnly

if TYPE_CHECKING:
    from cli.session import Session
    from registry.chain.devchain import DevChain, Endpoint

chain = group("chain")


@command("chain.up", chain)
@option("--port", type=NumberType(1, 65_535), metavar="NUMBER")
def up(session: Session, port: int | None) -> Answer:
    """Start the dev chain, or find it running."""
    endpoint = _dev_chain(session, "chain up").up(port=port)
    if endpoint.restored is not None:
        for told in endpoint.restored.notices():
            session.notice(*told)
    headline = "cli.chain.started" if endpoint.started else "cli.chain.runs"
    return Answer(headline=headline, value=_endpoint(endpoint))


@command("chain.down", chain)
@option("--force", is_flag=True)
def down(session: Session, force: bool) -> Answer:
    """Stop the dev chain."""
    chain = _dev_chain(session, "chain down")
    stopped = chain.down(force=force)
    kept = chain.stopped_in_order()
    headline = (
        f"cli.chain.{'stopped' if kept else 'killed'}" if stopped else "cli.chain.was-stopped"
    )
    value: shapes.Shape = {"stopped": stopped, "state_kept": kept}
    return Answer(headline=headline, value=value, hidden=frozenset(value))


@command("chain.status", chain)
def status(session: Session) -> Answer:
    """Say how the dev chain stands; exit code 0 means it runs."""
    found = _dev_chain(session, "chain status").status()
    running = found.state == "running"
    return Answer(
        headline=f"cli.chain.state-{found.state}",
        value={
            "running": running,
            "state": found.state,
            "endpoint": found.url,
            "pid": found.pid,
            "chain_id": found.chain_id,
            "genesis": shapes.hexed(found.genesis),
            "head": found.block,
            "home": found.home,
        },
        exit_code=0 if running else 1,
    )


@command("chain.reset", chain)
def reset(session: Session) -> Answer:
    """Set the dev chain aside."""
    chain = _dev_chain(session, "chain reset")
    agreed = prompts.consent(session, "chain reset")
    kept = chain.reset() if agreed else None
    headline = "cli.chain.reset" if kept else "cli.chain.not-reset"
    return Answer(
        headline=headline,
        value={"copy": None if kept is None else str(kept)},
        exit_code=0 if agreed else 1,
    )


def _dev_chain(session: Session, step: str) -> DevChain:
    """Return the dev chain of the home; raises `DevChainOnly` on another network."""
    if not session.settings.local:
        raise DevChainOnly(network=session.settings.network, step=step)
    from registry.chain.devchain import DevChain  # noqa: PLC0415 (start-up time)

    return DevChain(session.settings.home, environ=session.environ)


def _endpoint(endpoint: Endpoint) -> shapes.Shape:
    return {
        "endpoint": endpoint.url,
        "port": endpoint.port,
        "pid": endpoint.pid,
        "chain_id": endpoint.chain_id,
        "genesis": shapes.hexed(endpoint.genesis),
        "started": endpoint.started,
    }
