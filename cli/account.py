"""`dengji account`: make, list, import, show and connect accounts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cli import prompts
from cli.files import look_for
from cli.grammar import argument, command, group, option
from cli.output import Answer, Page
from cli.paging import page, paged
from cli.types import ADDRESS, FILE, NumberType
from registry import messages

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.accounts import Accounts
    from registry.domain.ids import Address

account = group("account")


@command("account.new", account)
def new(session: Session) -> Answer:
    """Make an account under a password; unattended on the dev chain, under a random one."""
    accounts = _accounts(session)
    settings = session.settings
    if settings.local and settings.password_file is None and not session.interactive:
        address = accounts.make_for_dev()
    else:
        named = messages.text("cli.ask.the-account", session.lang)
        address = accounts.keystore.create(prompts.password(session, named, twice=True))
    return Answer(headline="cli.account.made", value=_shape(accounts, address))


@command("account.list", account)
@paged()
def list_(session: Session, limit: int, after: str | None, csv: bool) -> Page:
    """List the accounts at home."""
    accounts = _accounts(session)
    chosen = accounts.chosen()

    def shape(address: Address) -> Shape:
        return {**_shape(accounts, address), "selected": address == chosen}

    columns = ("address", "selected", "keystore")
    known = accounts.addresses()
    return page(known, shape, columns, limit=limit, after=after, csv=csv, key="address")


@command("account.import", account)
@argument("file", required=False, type=FILE)
def import_(session: Session, file: Path | None) -> Answer:
    """Import a keystore, or a key or mnemonic that is asked for."""
    accounts = _accounts(session)
    if file is not None:
        look_for(file)
        address = accounts.keystore.import_file(file, prompts.password(session, str(file)))
    else:
        secret = prompts.secret(session)
        named = messages.text("cli.ask.the-account", session.lang)
        password = prompts.password(session, named, twice=True)
        address = accounts.keystore.import_key(secret, password)
    return Answer(headline="cli.account.imported", value=_shape(accounts, address))


@command("account.show", account)
@argument("account", required=False)
def show(session: Session, account: str | None) -> Answer:
    """Show an account's party and balance."""
    accounts = _accounts(session)
    address = accounts.named(account) if account else accounts.needed()
    client = session.reading()
    party = client.ledger.party_of(address)
    return Answer(
        value={
            **_shape(accounts, address),
            "party": None if party is None else str(party),
            "balance": str(client.balance(address)),
        }
    )


@command("account.connect", account)
@argument("socket", type=FILE)
@argument("address", required=False, type=ADDRESS)
@option("--owner", metavar="USER", type=NumberType(0, 2**32 - 2))
@option("--timeout", metavar="SECONDS", type=NumberType(1, 3600), default=60, show_default=True)
def connect(
    session: Session, socket: Path, address: Address | None, owner: int | None, timeout: int
) -> Answer:
    """Have an account sign by a program at a local socket."""
    from registry.chain.external import Line  # noqa: PLC0415 (start-up time)

    accounts = _accounts(session)
    user = os.geteuid() if owner is None else owner
    line = Line(path=socket.absolute(), owner=user, timeout=timeout)
    made = accounts.connect(line, address)
    return Answer(headline="cli.account.connected", value=_shape(accounts, made))


@command("account.disconnect", account)
@argument("account")
def disconnect(session: Session, account: str) -> Answer:
    """Forget where an account signs."""
    accounts = _accounts(session)
    address = accounts.named(account)
    value = _shape(accounts, address)
    accounts.wallets.disconnect(address)
    return Answer(headline="cli.account.disconnected", value=value)


def _accounts(session: Session) -> Accounts:
    from registry.accounts import Accounts  # noqa: PLC0415 (start-up time)

    return Accounts(session.settings)


def _shape(accounts: Accounts, address: Address) -> Shape:
    kept = accounts.password_path(address)
    known = address in accounts.keystore.addresses()
    elsewhere = not known and address in accounts.wallets.addresses()
    return {
        "address": str(address),
        "keystore": str(accounts.keystore.path_of(address)) if known else None,
        "password_file": str(kept) if kept.exists() else None,
        "signer_socket": str(accounts.wallets.line(address).path) if elsewhere else None,
    }
