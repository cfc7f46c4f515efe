"""Connect to the network of some settings, and on the dev chain make what is missing.

Only this module decides what is loaded for which purpose: who asks never loads what signs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from registry.accounts import Accounts
from registry.archive import Archive
from registry.chain import wire
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import Rpc
from registry.domain.ids import Address, PartyId
from registry.domain.party import DEFAULT_SEAT, Enrolment
from registry.errors import (
    DevChainAbsent,
    EndpointMissing,
    NotDeployed,
)

if TYPE_CHECKING:
    from registry.accounts import AskPassword, DeferredSigner
    from registry.chain.devchain import DevChain, GatedTransport
    from registry.chain.entries import Entry
    from registry.chain.journal import Journal
    from registry.chain.sender import Sender
    from registry.chain.signatures import KeySeal
    from registry.chain.signer import Signer
    from registry.domain.ledger import Deployment, Ledger
    from registry.domain.party import Seat
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain
    from registry.settings import Settings

Notice = Callable[[str, Mapping[str, object]], None]
"""Is told what was done on the way: a catalogue key below `cli.notice`, and its fields."""

_GIFT_WEI: Final = 10**21
_ARTIFACTS: Final = os.path.join(os.path.dirname(__file__), "artifacts")  # noqa: PTH118, PTH120


class Connection:
    """Hold one way to one network; nothing is opened before it is needed."""

    def __init__(
        self,
        settings: Settings,
        *,
        signer: Signer | None = None,
        password: AskPassword | None = None,
        notice: Notice | None = None,
        deferred: bool = False,
    ) -> None:
        """Take the settings, and what answers for the keystore and listens to steps.

        With `deferred` outcomes count as told once `told` is called, not when they are returned.
        """
        self.settings = settings
        self._deferred = deferred
        self.archive = Archive(settings.home)
        self.accounts = Accounts(settings)
        if signer is not None:
            from registry.chain.verified import verified  # noqa: PLC0415 (start-up: it signs)

            signer = verified(signer)
        self._signer = signer
        self._password = password
        self._notice: Notice = notice or _unheard
        self._opened = contextlib.ExitStack()
        self._senders: dict[Address, Sender] = {}
        self._signers: dict[Address, DeferredSigner] = {}

    def close(self) -> None:
        """Close whatever was opened, and overwrite the keys that were unlocked."""
        for signer in self._signers.values():
            signer.close()
        self._opened.close()

    # ---- asking ------------------------------------------------------------------------------

    def ledger(self, *, writing: bool, enrol: bool, founding: str | None = None) -> Ledger:
        """Return the ledger; for writing on the dev chain, make what is missing first.

        `founding` identifies the first party where the contracts are made now.
        """
        if writing and self.settings.local:
            self._prepare(enrol=enrol, founding=founding)
        return self._ledger(self._deployment())

    @cached_property
    def account(self) -> Address | None:
        """Return the account of the run, None where none was chosen."""
        if self._signer is not None:
            return self._signer.address
        return self.accounts.chosen()

    def party(self) -> PartyId | None:
        """Return the party that the settings name, None for none."""
        given = self.settings.party
        return None if given is None else PartyId.parse(given)

    def balance(self, address: Address) -> int:
        """Return what an address has, in wei."""
        return self.rpc.ask(wire.quantity, "eth_getBalance", str(address), "latest")

    @cached_property
    def rpc(self) -> Rpc:
        """Return the way to the node."""
        settings = self.settings
        if settings.local:
            return self._opened.enter_context(Rpc(self._gate()))
        if settings.rpc is None:
            raise EndpointMissing(network=settings.network)
        return self._opened.enter_context(
            Rpc.connect(
                settings.rpc,
                chain_id=settings.chain_id,
                max_block_age=settings.max_block_age,
            )
        )

    @cached_property
    def dev_chain(self) -> DevChain:
        """Return the dev chain of the home."""
        from registry.chain.devchain import DevChain  # noqa: PLC0415 (start-up: only dev needs it)

        return DevChain(self.settings.home)

    def _gate(self) -> GatedTransport:
        """Return the way to the dev chain, which is started where this home has one."""
        # Only what asks a running chain is loaded here, for start-up time.
        from registry.chain.devchain import gate, processes, record  # noqa: PLC0415

        path = self.settings.home / "dev" / record.FILE_NAME
        known = record.load(path)
        if known is None:
            raise DevChainAbsent(home=str(self.settings.home))
        if not (known.ready and processes.is_same(known.pid, known.identity)):
            self._started()
        return gate.GatedTransport(path, chain_id=known.chain_id)

    def _started(self) -> None:
        endpoint = self.dev_chain.up()
        if endpoint.started:
            told = {"url": endpoint.url, "chain_id": endpoint.chain_id}
            self._notice("chain-started", told)
        if endpoint.restored is not None:
            for notice in endpoint.restored.notices():
                self._notice(*notice)

    def _deployment(self) -> Deployment:
        """Return the contracts, compared with our builds now or, on this chain, before.

        Raises `NotDeployed` where nothing says where they are.
        """
        chain, stamp = self._place, _builds_stamp()
        directory = self._directory()
        known = self.archive.verified(*chain, stamp)
        if known is not None and known.directory == directory:
            return known
        from registry.chain import deployment  # noqa: PLC0415 (start-up: mostly known)

        found = deployment.find(self.rpc, directory)
        self.archive.remember_verified(*chain, stamp, found)
        return found

    def _directory(self) -> Address:
        given = self.settings.directory
        if given is not None:
            return Address.parse(given)
        chain_id, genesis = self._place
        known = self.archive.directory_of(chain_id, genesis)
        if known is None:
            raise NotDeployed(network=self.settings.network, chain_id=chain_id)
        return known

    @cached_property
    def _place(self) -> tuple[int, bytes]:
        """Return the chain's id and the hash of its block 0, which the dev chain wrote down."""
        if self.settings.local:
            from registry.chain.devchain import record  # noqa: PLC0415 (start-up: only dev)

            known = record.load(self.settings.home / "dev" / record.FILE_NAME)
            if known is not None and known.genesis:
                return known.chain_id, bytes.fromhex(known.genesis)
        header = self.rpc.ask(wire.header, "eth_getBlockByNumber", "0x0", False)  # noqa: FBT003
        return self.rpc.chain_id(), header.hash

    # ---- writing -----------------------------------------------------------------------------

    def deploy(
        self,
        enrolment: Enrolment,
        *,
        identity: str | None = None,
        seat: Seat = DEFAULT_SEAT,
        succeeds: Address | None = None,
    ) -> Deployment:
        """Deploy the contracts as the account of the run, and remember their directory.

        `succeeds` is the directory of the deployment that this one takes the place of, which is
        looked at first.
        `identity` identifies the first party, `seat` is its seat as the first registrar.
        """
        if self.settings.local:
            self._started()
            with self.dev_chain.making():
                self._funded(self._account_for_dev())
        if succeeds is not None:
            self._earlier_deployment(succeeds)
        return self._deployed(enrolment, identity, seat, succeeds)

    def _deployed(
        self,
        enrolment: Enrolment,
        identity: str | None = None,
        seat: Seat = DEFAULT_SEAT,
        succeeds: Address | None = None,
    ) -> Deployment:
        from registry.chain import genesis  # noqa: PLC0415 (start-up: seldom needed)
        from registry.services.identities import kept_or_made  # noqa: PLC0415 (start-up)

        hashed = bytes(32) if identity is None else kept_or_made(self.archive, identity)
        made = genesis.deploy(
            self._sender(self._needed()),
            policy=enrolment,
            predecessor=succeeds,
            identity_hash=hashed,
            seat=seat,
        )
        self.archive.remember_directory(*self._place, made.directory)
        return made

    def _prepare(self, *, enrol: bool, founding: str | None) -> None:
        """Make what a newcomer's dev chain lacks: chain, account, money, contracts, party."""
        self._started()
        # Of several first commands at once, one makes them and the others find them.
        with self.dev_chain.making():
            self._complete(enrol=enrol, founding=founding)

    def _complete(self, *, enrol: bool, founding: str | None) -> None:
        account = self._account_for_dev()
        self._funded(account)
        chain_id, genesis = self._place
        if self.settings.directory is None and not self.archive.directory_of(chain_id, genesis):
            made = self._deployed(Enrolment.OPEN, founding)
            self._notice("deployed", {"directory": made.directory})
            # Whoever deploys is the first party.
            founder = self._ledger(made).party_of(account)
            self._notice("party-enrolled", {"party": founder})
        alone = self._signer is None and len(self.accounts.addresses()) == 1
        if enrol and alone:
            self._enrolled(account)

    def _needed(self) -> Address:
        return self.accounts.needed() if self._signer is None else self._signer.address

    def _account_for_dev(self) -> Address:
        """Return the account of the run; on a home without any, make one."""
        unkeyed = self._signer is None and self.settings.account is None
        if unkeyed and not self.accounts.addresses():
            made = self.accounts.make_for_dev()
            where = self.accounts.password_path(made)
            self._notice("account-made", {"address": made, "file": where})
        return self._needed()

    def _funded(self, account: Address) -> None:
        if self.balance(account) == 0:
            self.dev_chain.fund(account, _GIFT_WEI)
            self._notice("account-funded", {"address": account})

    def _enrolled(self, account: Address) -> None:
        """Enrol the only account of a home, so that its first registration needs no other step."""
        ledger = self._ledger(self._deployment())
        if ledger.party_of(account) is None:
            from registry.domain.operations import Enrol  # noqa: PLC0415 (start-up: seldom needed)

            ledger.submit(Enrol(identity_hash=bytes(32)), account=account)
            self._notice("party-enrolled", {"party": ledger.party_of(account)})

    def _ledger(self, deployment: Deployment) -> ChainLedger:
        if deployment.predecessor is None:
            return ChainLedger(self.rpc, deployment, senders=self._sender)
        # Imported here for start-up time: most deployments succeed none.
        from registry.chain.succession import SuccessiveLedger  # noqa: PLC0415

        found = self._earlier_deployment
        return SuccessiveLedger(self.rpc, deployment, found=found, senders=self._sender)

    def _earlier_deployment(self, directory: Address) -> Deployment:
        """Return a deployment that ours succeeds, verified now or, on this chain, before."""
        from registry.chain.earlier import find_any  # noqa: PLC0415 (start-up: seldom needed)

        chain, stamp = self._place, _builds_stamp()
        known = self.archive.verified(*chain, stamp, directory)
        if known is not None and known.directory == directory:
            return known
        found = find_any(self.rpc, directory)
        self.archive.remember_verified(*chain, stamp, found, earlier=True)
        return found

    def _sender(self, account: Address) -> Sender:
        """Return what sends as an account; one sender an account, so that it is unlocked once."""
        if account not in self._senders:
            self._senders[account] = self._made_sender(account)
        return self._senders[account]

    def signer(self, account: Address) -> Signer:
        """Return what signs for an account; raises `AccountUnknown` where its key is not here."""
        if self._signer is not None and self._signer.address == account:
            return self._signer
        if account not in self._signers:
            told = {"address": account}
            self._signers[account] = self.accounts.signer(
                account,
                self._password,
                lambda place: self._notice("signer-asked", {**told, "socket": place}),
            )
        return self._signers[account]

    def sign(self, account: Address, message: Message, domain: SigningDomain) -> bytes:
        """Return an account's signature of a message in a domain."""
        return self._seal.sign(account, message, domain)

    def signer_of(self, digest: bytes, signature: bytes) -> Address | None:
        """Return whose key made a signature, None for what no key makes as the contracts ask."""
        return self._seal.signer_of(digest, signature)

    @cached_property
    def _seal(self) -> KeySeal:
        from registry.chain.signatures import KeySeal  # noqa: PLC0415 (start-up: it signs)

        return KeySeal(self.signer)

    def _made_sender(self, account: Address) -> Sender:
        from registry.chain.sender import Sender  # noqa: PLC0415 (start-up: it signs)

        return Sender(
            self.rpc,
            self.signer(account),
            self._journal,
            lock_dir=self.settings.home / "locks",
            # The dev chain makes a block only for a transaction: no later one would come by itself.
            confirmations=1 if self.settings.local else self.settings.confirmations,
            notify=lambda told: self._notice(told.code, told.fields),
        )

    @cached_property
    def _journal(self) -> Journal:
        journal = self._opened.enter_context(self._opened_journal())
        if self._deferred:
            journal.defer()
        return journal

    # ---- telling -----------------------------------------------------------------------------

    def settle(self) -> None:
        """Write down what became of what earlier runs of the account left, without waiting for it.

        Where a command finds on the chain that nothing is left to do, nothing else does that.
        """
        from registry.chain.entries import Chain  # noqa: PLC0415 (start-up: it needs a database)
        from registry.chain.leftovers import settle  # noqa: PLC0415 (as above)

        chain_id, genesis = self._place
        settle(
            self.rpc,
            self._journal,
            Chain(chain_id=chain_id, genesis=genesis),
            [self.account, self.dev_chain.faucet if self.settings.local else None],
            lock_dir=self.settings.home / "locks",
            notify=lambda told: self._notice(told.code, told.fields),
        )

    def told(self) -> None:
        """Note that whoever asked has been told the outcomes; see `deferred`."""
        if "_journal" in self.__dict__:
            self._journal.told()

    def under_way(self) -> list[Entry]:
        """Return what was sent as the accounts of this run, and is on its way or was not told."""
        return [entry for sender in self._senders.values() for entry in sender.untold()]

    def _opened_journal(self) -> Journal:
        if self.settings.local:
            return self.dev_chain.journal()
        from registry.chain.journal import Journal  # noqa: PLC0415 (start-up: it needs a database)

        return Journal(self.settings.home / "journal.sqlite3")


def _builds_stamp() -> str:
    """Return what changes whenever the compiled contracts do: their files' times and sizes."""
    with os.scandir(_ARTIFACTS) as files:
        facts = sorted((file.name, file.stat()) for file in files)
    return " ".join(f"{name}:{stat.st_mtime_ns}:{stat.st_size}" for name, stat in facts)


def _unheard(key: str, fields: Mapping[str, object]) -> None:
    del key, fields
