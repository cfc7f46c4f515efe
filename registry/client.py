"""Compose a client: settings, chain, account and services meet here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from registry.errors import AccountNeeded
from registry.services.actor import Actor

if TYPE_CHECKING:
    from registry.accounts import AskPassword
    from registry.archive import Archive
    from registry.chain.signer import Signer
    from registry.connection import Connection, Notice
    from registry.domain.ids import Address, PartyId
    from registry.domain.ledger import Ledger
    from registry.domain.seal import Seal
    from registry.services.agreements import Agreements
    from registry.services.anchors import Anchors
    from registry.services.audits import Audits
    from registry.services.bulk import Bulk
    from registry.services.calendar import Calendar
    from registry.services.cases import Cases
    from registry.services.certificates import Certificates
    from registry.services.exports import Exports
    from registry.services.grants import Grants
    from registry.services.keys import Keys
    from registry.services.parties import Parties
    from registry.services.products import Products
    from registry.services.proofs import Proofs
    from registry.services.provenance import Provenance
    from registry.services.questions import Questions
    from registry.services.registrars import Registrars
    from registry.services.usages import Usages
    from registry.settings import Settings


class Dengji:
    """Register data products, grant their use and verify content, over one ledger as one account.

    `parties`, `products`, `grants`, `agreements` and `provenance` serve the tasks. Use it as a
    context manager, or call `close`.
    """

    def __init__(
        self,
        ledger: Ledger,
        account: Address | None = None,
        *,
        party: PartyId | None = None,
        archive: Archive | None = None,
        seal: Seal | None = None,
    ) -> None:
        """Act on `ledger` as `account`, which must speak for `party` where one is named.

        Without an account one can only ask; without an archive no manifest is kept; without a seal
        nothing is signed but transactions.
        """
        self.ledger = ledger
        self.archive = archive
        self._actor = Actor(
            ledger=ledger, choose=lambda: account, expected=party, archive=archive, seal=seal
        )
        self._connection: Connection | None = None

    @classmethod
    def connect(
        cls,
        settings: Settings | None = None,
        *,
        writing: bool = True,
        enrol: bool = True,
        signer: Signer | None = None,
        password: AskPassword | None = None,
        notice: Notice | None = None,
        founding: str | None = None,
        deferred: bool = False,
        **flags: str | None,
    ) -> Self:
        """Connect to the network of the settings, which are loaded where none are given.

        `flags` are settings by key, such as `network`, `rpc`, `account` or `home`. On the local dev
        chain a client for `writing` makes what is missing: the chain, an account, the contracts
        and, with `enrol`, a party; `notice` is told each step. `founding` identifies the first
        party where the contracts are made now. `signer` signs in place of a
        keystore; `password` is asked for that of a keystore when the first signature needs it.
        With `deferred` outcomes count as told only once the connection's `told` says so.
        """
        # Imported here for start-up time: a client of another ledger needs no chain.
        from registry.connection import Connection  # noqa: PLC0415
        from registry.settings import Settings  # noqa: PLC0415

        chosen = Settings.load(flags) if settings is None else settings
        connection = Connection(
            chosen, signer=signer, password=password, notice=notice, deferred=deferred
        )
        try:
            ledger = connection.ledger(writing=writing, enrol=enrol, founding=founding)
            client = cls(ledger, party=connection.party(), archive=connection.archive)
        except BaseException:
            connection.close()
            raise
        client._connection = connection
        client._actor = replace(client._actor, choose=lambda: connection.account, seal=connection)
        return client

    @property
    def account(self) -> Address | None:
        """Return the account that the client acts as."""
        return self._actor.account

    @property
    def connection(self) -> Connection | None:
        """Return what the client is connected by, None for one on a ledger that it was given."""
        return self._connection

    def balance(self, address: Address) -> int:
        """Return what an address has on the chain, in wei; only for a client that connected."""
        if self._connection is None:
            raise AccountNeeded(known=[])
        return self._connection.balance(address)

    @cached_property
    def parties(self) -> Parties:
        """Return what enrols, finds, suspends and resumes parties."""
        from registry.services.parties import Parties  # noqa: PLC0415 (start-up time)

        return Parties(self._actor)

    @cached_property
    def keys(self) -> Keys:
        """Return what rotates keys, appoints agents and recovers parties."""
        from registry.services.keys import Keys  # noqa: PLC0415 (start-up time)

        return Keys(self._actor)

    @cached_property
    def registrars(self) -> Registrars:
        """Return what admits registrars and other offices, and keys where registrars decide."""
        from registry.services.registrars import Registrars  # noqa: PLC0415 (start-up time)

        return Registrars(self._actor)

    @cached_property
    def products(self) -> Products:
        """Return what registers, finds and changes products."""
        from registry.services.products import Products  # noqa: PLC0415 (start-up time)

        return Products(self._actor)

    @cached_property
    def bulk(self) -> Bulk:
        """Return what registers the products of a table."""
        from registry.services.bulk import Bulk  # noqa: PLC0415 (start-up time)

        return Bulk(self._actor)

    @cached_property
    def grants(self) -> Grants:
        """Return what issues, finds, revokes and checks grants."""
        from registry.services.grants import Grants  # noqa: PLC0415 (start-up time)

        return Grants(self._actor)

    @cached_property
    def cases(self) -> Cases:
        """Return what files, decides and follows cases of registration."""
        from registry.services.cases import Cases  # noqa: PLC0415 (start-up time)

        return Cases(self._actor)

    @cached_property
    def calendar(self) -> Calendar:
        """Return what shows, loads and corrects the calendar of working days."""
        from registry.services.calendar import Calendar  # noqa: PLC0415 (start-up time)

        return Calendar(self._actor)

    @cached_property
    def agreements(self) -> Agreements:
        """Return what proposes, signs and files agreements, and makes sub-grants."""
        from registry.services.agreements import Agreements  # noqa: PLC0415 (start-up time)

        return Agreements(self._actor)

    @cached_property
    def usages(self) -> Usages:
        """Return what records uses, and signs and settles receipts of them."""
        from registry.services.usages import Usages  # noqa: PLC0415 (start-up time)

        return Usages(self._actor)

    @cached_property
    def questions(self) -> Questions:
        """Return what answers who may use what, why or why not, and what changes."""
        from registry.services.questions import Questions  # noqa: PLC0415 (start-up time)

        return Questions(self._actor)

    @property
    def seal(self) -> Seal:
        """Return what signs messages and tells whose a signature is; raises `AccountNeeded`."""
        return self._actor.sealing()

    @cached_property
    def certificates(self) -> Certificates:
        """Return what issues, finds and verifies certificates."""
        from registry.services.certificates import Certificates  # noqa: PLC0415 (start-up time)

        connection = self._connection
        local = connection is None or connection.settings.local
        return Certificates(self._actor, local=local, proofs=lambda: self.proofs)

    @cached_property
    def exports(self) -> Exports:
        """Return what writes the record in the words of others, and verifies credentials."""
        from registry.services.exports import Exports  # noqa: PLC0415 (start-up time)

        connection = self._connection
        return Exports(self._actor, local=connection is None or connection.settings.local)

    @cached_property
    def audits(self) -> Audits:
        """Return what holds storage against events."""
        from registry.services.audits import Audits  # noqa: PLC0415 (start-up time)

        return Audits(self._actor)

    @cached_property
    def anchors(self) -> Anchors:
        """Return what anchors many registrations under one root, proves and promotes them."""
        from registry.services.anchors import Anchors  # noqa: PLC0415 (start-up time)

        return Anchors(self._actor)

    @cached_property
    def proofs(self) -> Proofs:
        """Return what makes proofs that need no node; only for a client that connected."""
        # Imported here for start-up time: few ask for proofs.
        from registry.chain.proofs import ChainProofs  # noqa: PLC0415
        from registry.services.proofs import Proofs  # noqa: PLC0415

        connection = self._connection
        if connection is None:
            raise AccountNeeded(known=[])
        return Proofs(self._actor, lambda deployment: ChainProofs(connection.rpc, deployment))

    @cached_property
    def provenance(self) -> Provenance:
        """Return what verifies where content comes from."""
        from registry.services.provenance import Provenance  # noqa: PLC0415 (start-up time)

        return Provenance(self._actor)

    def close(self) -> None:
        """Let go of the connection, if this client made one, and of the file of receipts."""
        if "usages" in self.__dict__:
            self.usages.close()
        if self._connection is not None:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
