"""Guard a WSGI application (PEP 3333)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.enforcement.responses import HEADER, Refusal, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from registry.enforcement.guard import Guard

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]
    Application = Callable[[Environ, StartResponse], Iterable[bytes]]

RECEIPT: str = "dengji.receipt"
"""Where in its environ the application finds the receipt of the use."""
_VARIABLE = "HTTP_" + HEADER.upper().replace("-", "_")


class GuardedWsgi:
    """Be a WSGI application that lets through what its guard allows.

    :param application: what is guarded.
    :param guard: what decides.
    :param amount: returns what a request costs, in units of the quota; 1 for each unless given. It
        must not read the request's body.
    """

    def __init__(
        self,
        application: Application,
        guard: Guard,
        *,
        amount: Callable[[Environ], int] | None = None,
    ) -> None:
        self._application = application
        self._guard = guard
        self._amount = amount or _one

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, by the application or by a refusal."""
        decided = decide(
            self._guard,
            environ.get(_VARIABLE),
            lambda: self._amount(environ),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        )
        if isinstance(decided, Refusal):
            start_response(f"{decided.status} {decided.status.phrase}", decided.headers)
            return [decided.body]

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401
            return start_response(status, [*headers, (HEADER, decided.header())], *more)

        return self._application({**environ, RECEIPT: decided}, start)


def _one(_environ: Environ) -> int:
    return 1
