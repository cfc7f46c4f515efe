"""Register all products of a table: the part of `dengji register` behind `--from-table`."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any, Final

import click

from cli import progress
from cli.deriving import MADE_OPTIONS
from cli.descriptions import Given, described
from cli.grammar import option, together
from cli.output import Answer
from cli.types import FILE
from registry.errors import (
    AccountNeeded,
    DevChainAbsent,
    FileUnwritable,
    NotDeployed,
    OptionsUnfit,
    PartyNeeded,
)

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.domain.table import Defaults
    from registry.services.bulk import Plan, Summary
    from registry.services.bulk_check import Checked

ROUTES: Final = ("auto", "singles", "batches", "anchor")

table_options: Final = together(
    option("--from-table", "table", type=FILE, metavar="FILE|FOLDER"),
    option("--route", type=click.Choice(ROUTES), default="auto"),
    option("--out", type=FILE, metavar="FILE"),
    option("--dry-run", is_flag=True),
)
"""The options that only a table looks at."""

TABLE_OPTIONS: Final = ("table", "route", "out", "dry_run")
"""Their names."""

_UNFIT: Final = (
    *("form", "private", "resume", "catalog", "salt", "locator", "find_metadata"),
    *("evidence", "operation", "draft", *MADE_OPTIONS),
)
_NO_LEDGER: Final = (AccountNeeded, DevChainAbsent, NotDeployed, PartyNeeded)


def require_apart(path: Path | None, table: dict[str, Any], given: dict[str, Any]) -> None:
    """Refuse what does not go together; `given` are the other options of the command.

    Raises `OptionsUnfit`, and wrong usage where neither a path nor a table is given.
    """
    if table["table"] is None:
        unfit = [name for name in ("out", "dry_run") if table[name]]
        if table["route"] != "auto":
            unfit.append("route")
        if unfit:
            raise OptionsUnfit(rule="together", options=["--from-table", *map(_typed, unfit)])
        if path is None:
            context = click.get_current_context()
            (argument,) = (one for one in context.command.params if one.name == "path")
            raise click.MissingParameter(ctx=context, param=argument)
        return
    if path is not None:
        raise OptionsUnfit(rule="one-of", options=["PATH", "--from-table"])
    unfit = [name for name in _UNFIT if given.get(name)]
    if given["profile"].name != "OPEN":
        unfit.append("profile")
    if unfit:
        raise OptionsUnfit(rule="apart", options=["--from-table", *map(_typed, unfit)])


def registered_table(session: Session, asked: dict[str, Any], given: dict[str, Any]) -> Answer:
    """Register the rows of a table that are not registered yet, and answer how many are."""
    from registry.archive import Archive  # noqa: PLC0415 (start-up time)
    from registry.services.bulk import Route  # noqa: PLC0415 (start-up time)
    from registry.services.bulk_check import check  # noqa: PLC0415 (start-up time)

    session.long()
    table: Path = asked["table"]
    out: Path | None = asked["out"]
    _refuse_overwriting(table, out)
    archive = None if asked["dry_run"] else Archive(session.settings.home)
    with ExitStack() as opened:
        with progress.counted(session, "checking") as count:
            checked = check(table, _defaults(session, given), archive=archive, progress=count)
        opened.enter_context(checked)
        if asked["route"] == "anchor":
            from cli.register_anchor import anchored_table  # noqa: PLC0415 (start-up time)

            return anchored_table(session, checked, out, dry_run=asked["dry_run"])
        route = Route(asked["route"])
        if asked["dry_run"]:
            plan = opened.enter_context(_foreseen(session, checked, route))
            return _answer(plan, None, None)
        client = session.writing()
        plan = opened.enter_context(_planned(session, client, checked, route))
        return _sent(session, client, plan, out)


def _sent(session: Session, client: Dengji, plan: Plan, out: Path | None) -> Answer:
    from registry.services.bulk_results import Results  # noqa: PLC0415 (start-up time)

    _say_cost(session, plan)
    writing = nullcontext() if out is None else Results(out)
    with writing as results, progress.counted(session, "registering", plan.count) as count:
        summary = client.bulk.send(plan, results=results, progress=count)
    return _answer(plan, summary, out)


def _planned(session: Session, client: Dengji, checked: Checked, route: Any) -> Plan:  # noqa: ANN401 (imported late)
    with progress.counted(session, "looking-up", checked.count) as count:
        return client.bulk.plan(checked, route, progress=count)


def _foreseen(session: Session, checked: Checked, route: Any) -> Plan:  # noqa: ANN401 (imported late)
    """Return the plan without a step towards sending: without a ledger all rows are fresh."""
    from registry.services.bulk import unasked  # noqa: PLC0415 (start-up time)

    try:
        return _planned(session, session.reading(), checked, route)
    except _NO_LEDGER:
        return unasked(checked, route)


def _say_cost(session: Session, plan: Plan) -> None:
    """Say what is about to be sent, and on a real network let a person stop it."""
    if not plan.fresh:
        return
    told = {"fresh": plan.fresh, "transactions": plan.transactions, "gas": plan.gas}
    session.printer.note("cli.table.cost", **told)
    if session.interactive and not session.settings.local:
        from cli.prompts import require_consent  # noqa: PLC0415 (start-up time)

        require_consent(session, "register table")


def _answer(plan: Plan, summary: Summary | None, out: Path | None) -> Answer:
    """Answer what sending came to, or without a summary what it would take."""
    value: Shape = {
        "file": str(plan.table),
        "route": plan.route.name,
        "applicant": None if plan.party is None else str(plan.party),
        "dry_run": summary is None,
        "rows": plan.count,
        "registered": 0 if summary is None else summary.registered,
        "recognised": plan.recognised if summary is None else summary.recognised,
        "fresh": plan.fresh if summary is None else 0,
        "contested": plan.contested,
        "transactions": plan.transactions if summary is None else summary.transactions,
        "gas_estimate": str(plan.gas) if summary is None else None,
        "gas_used": None if summary is None else str(summary.gas_used),
        "out": None if out is None else str(out),
    }
    headline = "cli.table.would" if summary is None else "cli.table.done"
    return Answer(headline=headline, value=value)


def _defaults(session: Session, given: dict[str, Any]) -> Defaults:
    from registry.domain.table import Defaults  # noqa: PLC0415 (start-up time)

    description = Given(
        metadata=given["metadata"],
        metadata_format=given["metadata_format"],
        assigned=given["assigned"],
    )
    return Defaults(
        rights=given["rights"],
        security_class=given["security_class"],
        source=given["source"],
        series=given["series"],
        description=described(session, description).mapping if description.anything else None,
    )


def _refuse_overwriting(table: Path, out: Path | None) -> None:
    """Refuse to write the results over the table."""
    if out is not None and out.exists() and table.exists() and out.samefile(table):
        raise FileUnwritable(path=str(out), reason="is-the-table")


def _typed(name: str) -> str:
    """Return an option as it is typed."""
    known = {"table": "--from-table", "sources": "--from", "agents": "--agent"}
    return known.get(name, "--" + name.replace("_", "-"))
