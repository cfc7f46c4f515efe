"""Act on a ledger as one account, and find which party that account speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from registry.errors import AccountNeeded, PartyMismatch, PartyNeeded
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.archive import Archive
    from registry.domain.ids import Address, PartyId
    from registry.domain.ledger import Ledger, Receipt
    from registry.domain.operations import Operation
    from registry.domain.seal import Seal

Me = Literal["me"]
"""One's own party, wherever a party may be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Hold the ledger, what chooses the account, the party it must speak for, archive and seal.

    The account is chosen when it is first needed: many questions need none. Without one nothing can
    be written; without an archive nothing is kept beside the chain; without a seal nothing is
    signed but transactions.
    """

    ledger: Ledger
    choose: Callable[[], Address | None]
    expected: PartyId | None = None
    archive: Archive | None = None
    seal: Seal | None = None

    @property
    def account(self) -> Address | None:
        """Return the account that acts, None for none."""
        return self.choose()

    def submit(self, operation: Operation) -> Receipt:
        """Carry out an operation as the account; raises `AccountNeeded` without one."""
        return self.ledger.submit(operation, account=self.key())

    def awaits(self, operation: Operation) -> bool:
        """Tell whether an earlier run of the account sent an operation, and did not tell it."""
        return self.ledger.awaits(operation, account=self.key())

    def key(self) -> Address:
        """Return the account that writes, sure to speak for the party expected.

        Raises `AccountNeeded`, `PartyMismatch`.
        """
        account = self.account
        if account is None:
            raise AccountNeeded(known=[])
        if self.expected is not None:
            self.party()
        return account

    def sealing(self) -> Seal:
        """Return what signs messages; raises `AccountNeeded` where nothing does."""
        if self.seal is None:
            raise AccountNeeded(known=[])
        return self.seal

    def party(self) -> PartyId:
        """Return one's own party; raises `AccountNeeded`, `PartyNeeded`, `PartyMismatch`."""
        account = self.account
        if account is None:
            if self.expected is not None:
                return self.expected
            raise AccountNeeded(known=[])
        actual = self.ledger.party_of(account)
        if actual is None:
            raise PartyNeeded(account=str(account))
        if self.expected is not None and actual != self.expected:
            raise PartyMismatch(account=str(account), party=str(self.expected), actual=str(actual))
        return actual

    def resolve(self, party: PartyId | Me) -> PartyId:
        """Return the party named, one's own for "me"."""
        return self.party() if isinstance(party, str) else party
