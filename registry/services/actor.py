"""Act on a ledger as one account, and find which party that account speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from registry.errors import AccountNeeded, PartyMismatch, PartyNeeded
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.archive import Archive
    from registry.domain.ids import Address, PartyId
    from registry.domain.ledger import Ledger, Receipt
    from registry.domain.operations import Operation

Me = Literal["me"]
"""One's own party, wherever a party may be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Hold the ledger, the account that acts, the party it must speak for, and the archive.

    Without an account one can only ask; without an archive nothing is kept beside the chain.
    """

    ledger: Ledger
    account: Address | None = None
    expected: PartyId | None = None
    archive: Archive | None = None

    def submit(self, operation: Operation) -> Receipt:
        """Carry out an operation as the account; raises `AccountNeeded` without one."""
        return self.ledger.submit(operation, account=self.key())

    def key(self) -> Address:
        """Return the account that writes, sure to speak for the party expected.

        Raises `AccountNeeded`, `PartyMismatch`.
        """
        if self.account is None:
            raise AccountNeeded(known=[])
        if self.expected is not None:
            self.party()
        return self.account

    def party(self) -> PartyId:
        """Return one's own party; raises `AccountNeeded`, `PartyNeeded`, `PartyMismatch`."""
        if self.account is None:
            if self.expected is not None:
                return self.expected
            raise AccountNeeded(known=[])
        actual = self.ledger.party_of(self.account)
        if actual is None:
            raise PartyNeeded(account=str(self.account))
        if self.expected is not None and actual != self.expected:
            raise PartyMismatch(
                account=str(self.account), party=str(self.expected), actual=str(actual)
            )
        return actual

    def resolve(self, party: PartyId | Me) -> PartyId:
        """Return the party named, one's own for "me"."""
        return self.party() if isinstance(party, str) else party
