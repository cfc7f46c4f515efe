"""Lay out the command tree; a command's module is imported when the command is used."""

from __future__ import annotations

from typing import Final

from cli.grammar import VERSION_OPTION, Group

ROOT: Final = {
    "register": "cli.register:register",
    "check": "cli.check:check",
    "verify": "cli.verify:verify",
    "fingerprint": "cli.fingerprint:fingerprint",
    "trace": "cli.trace:trace",
    "explain": "cli.explain:explain",
    "who": "cli.who:who",
    "what": "cli.who:what",
    "watch": "cli.watch:watch",
    "product": "cli.product:product",
    "metadata": "cli.metadata:metadata",
    "certificate": "cli.certificate:certificate",
    "credential": "cli.credential:credential",
    "batch": "cli.batch:batch",
    "proof": "cli.proof:proof",
    "grant": "cli.grant:grant",
    "usage": "cli.use:usage",
    "case": "cli.case:case",
    "calendar": "cli.calendar:calendar",
    "party": "cli.party:party",
    "registrar": "cli.registrar:registrar",
    "account": "cli.account:account",
    "chain": "cli.chain:chain",
    "audit": "cli.audit:audit",
    "deploy": "cli.deploy:deploy",
    "config": "cli.config:config",
    "completion": "cli.completion:completion",
}

root: Final = Group(
    "dengji", topic="dengji", lazy=ROOT, no_args_is_help=True, params=[VERSION_OPTION]
)
