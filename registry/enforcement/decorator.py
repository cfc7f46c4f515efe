"""Guard a Python function: it is called only for a use that is allowed and counted."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from registry.domain.usage import SignedReceipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.enforcement.guard import Guard

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def guarded(
    guard: Guard, *, amount: Callable[_Given, int] | int = 1
) -> Callable[
    [Callable[_Given, _Result]], Callable[Concatenate[str | SignedReceipt, _Given], _Result]
]:
    """Return a decorator: the function then takes a receipt, or its text, before its arguments.

    `amount` is what a call costs in units of the quota, or a function of the call's arguments that
    returns it. The call raises what `Guard.admit` raises, and then nothing has been done.
    """

    def decorate(
        function: Callable[_Given, _Result],
    ) -> Callable[Concatenate[str | SignedReceipt, _Given], _Result]:
        @wraps(function)
        def call(
            receipt: str | SignedReceipt, /, *args: _Given.args, **kwargs: _Given.kwargs
        ) -> _Result:
            signed = SignedReceipt.parse(receipt) if isinstance(receipt, str) else receipt
            costs = amount if isinstance(amount, int) else amount(*args, **kwargs)
            guard.admit(signed, costs)
            return function(*args, **kwargs)

        return call

    return decorate
