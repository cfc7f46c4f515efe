"""Put reading and sending together into a ledger on a chain."""

from __future__ import annotations

from collections import deque
from contextlib import closing
from typing import TYPE_CHECKING

from registry.chain.logs import logs
from registry.chain.reader import ChainReader
from registry.domain.ledger import Receipt
from registry.errors import AccountNeeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.chain.calls import Call, Landed
    from registry.chain.fleet import Fleet
    from registry.chain.rpc import Rpc
    from registry.chain.sender import Sender
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment, Progress
    from registry.domain.operations import Operation
    from registry.domain.restricted import Clearance


class ChainLedger(ChainReader):
    """Write to one deployment and read from it.

    :param rpc: the node.
    :param deployment: the contracts.
    :param senders: returns the sender of an account; None for a ledger that is only read.
    :param run: names the run that the writes belong to: in the same run of a journal an operation
        that has landed is not sent again.
    """

    def __init__(
        self,
        rpc: Rpc,
        deployment: Deployment,
        *,
        senders: Callable[[Address], Sender] | None = None,
        run: str = "",
    ) -> None:
        super().__init__(rpc, deployment)
        self._senders = senders
        self._run = run

    def submit(self, operation: Operation, *, account: Address) -> Receipt:
        """Carry out one operation with the key of `account`, and wait until it counts as done.

        :raises ContractRevert: the contracts' refusal, before anything is sent where that can be
            known.
        :raises AccountNeeded: where the ledger is only read.
        """
        # Imported here for start-up time: who only asks writes no operation.
        from registry.chain.operations import call_for  # noqa: PLC0415

        call = call_for(self._deployment, operation)
        return self._receipt(operation, self._sender(account).send(call, run=self._run))

    def submit_all(
        self,
        operations: Iterable[Operation],
        *,
        account: Address,
        beside: Sequence[Address] = (),
        progress: Progress | None = None,
    ) -> Iterator[Receipt]:
        """Carry out many operations with many in flight; their receipts come in the same order.

        The keys of `beside` share the work: each operation falls to one of all, always the same, so
        none may build on another. `progress` is told after each how many are done.
        """
        # Imported here for start-up time: who only asks writes no operation.
        from registry.chain.operations import call_for  # noqa: PLC0415

        waiting: deque[Operation] = deque()

        def calls() -> Iterator[Call]:
            for operation in operations:
                waiting.append(operation)
                yield call_for(self._deployment, operation)

        # Closed at once where the caller stops: what was handed over is then written down.
        with closing(self._together(account, beside).send_all(calls(), run=self._run)) as landed:
            for done, one in enumerate(landed, start=1):
                yield self._receipt(waiting.popleft(), one)
                if progress is not None:
                    progress(done)

    def awaits(self, operation: Operation, *, account: Address) -> bool:
        """Tell whether an earlier run sent an operation, and broke off before it told so."""
        # Imported here for start-up time: who only asks writes no operation.
        from registry.chain.operations import call_for  # noqa: PLC0415

        return self._sender(account).awaits(call_for(self._deployment, operation))

    def clearance(self, operation: Operation, *, account: Address) -> Clearance:
        """Return whether an account may carry out an operation of the administration, and when."""
        # Imported here for start-up time: who only asks about data administers nothing.
        from registry.chain import authority  # noqa: PLC0415
        from registry.chain.operations import address_of, call_for  # noqa: PLC0415

        call = call_for(self._deployment, operation)
        manager = address_of(self._deployment, "authority")
        return authority.clearance(self._each(authority.questions(manager, call, account), None))

    def _sender(self, account: Address) -> Sender:
        if self._senders is None:
            raise AccountNeeded(known=[])
        return self._senders(account)

    def _together(self, account: Address, beside: Sequence[Address]) -> Sender | Fleet:
        if not beside:
            return self._sender(account)
        # Imported here for start-up time: few writes are done with several keys.
        from registry.chain.fleet import Fleet  # noqa: PLC0415

        return Fleet([self._sender(one) for one in (account, *beside)])

    def _receipt(self, operation: Operation, landed: Landed) -> Receipt:
        found = self._rpc.shaped("eth_getTransactionReceipt", list(landed.logs), logs)
        # Not every node says the time in its logs.
        timed = [one if one.time else one._replace(time=landed.time) for one in found]
        return Receipt(
            operation=operation,
            transaction=landed.transaction,
            block=landed.block,
            time=landed.time,
            gas_used=landed.gas_used,
            resumed=landed.resumed,
            events=self._events.events(timed),
        )
