"""Read the calendar of working days from its contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain.bindings import WorkCalendar as Contract
from registry.chain.questions import Question
from registry.domain.calendar import WORD, WorkCalendar
from registry.errors import ContractMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.chain.abi import AbiValue
    from registry.domain.ledger import Deployment

    Ask = Callable[[Sequence[Question]], list[tuple[AbiValue, ...]]]


def calendar(deployment: Deployment, ask: Ask) -> WorkCalendar:
    """Return the calendar as it stands, in two rounds of questions.

    :raises ContractMissing: where the deployment was made before it had one.
    """
    at = deployment.calendar
    if at is None:
        raise ContractMissing(name="WorkCalendar", address=str(deployment.directory), url="")
    (first,), (end,), stopped = ask(
        [Question(at, view) for view in (Contract.first_day, Contract.end_day, Contract.stopped)]
    )
    numbers = range(first // WORD, (end - 1) // WORD + 1)
    words = ask([Question(at, Contract.exceptions, (number,)) for number in numbers])
    return WorkCalendar(
        first_day=first,
        end_day=end,
        exceptions={number: word for number, (word,) in zip(numbers, words, strict=True)},
        stopped_from=stopped[0],
        stopped_until=stopped[1],
    )
