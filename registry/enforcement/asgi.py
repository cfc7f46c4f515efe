"""Guard an ASGI application (ASGI 3.0); what is not HTTP is closed, but for its lifespan."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from registry.enforcement.responses import HEADER, Refusal, decide

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from registry.enforcement.guard import Guard

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

RECEIPT: str = "dengji.receipt"
"""Where in its scope the application finds the receipt of the use."""
_NAME = HEADER.lower().encode()
_POLICY_VIOLATION = 1008


class GuardedAsgi:
    """Be an ASGI application that lets through what its guard allows.

    The guard asks the node and writes to disk, so it runs in a thread beside the event loop.

    :param application: what is guarded.
    :param guard: what decides.
    :param amount: returns what a request costs, in units of the quota; 1 for each unless given.
    """

    def __init__(
        self,
        application: Application,
        guard: Guard,
        *,
        amount: Callable[[Scope], int] | None = None,
    ) -> None:
        self._application = application
        self._guard = guard
        self._amount = amount or _one

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, by the application or by a refusal."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        if scope["type"] != "http":
            # A receipt counts one use: a connection that goes on has none.
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        decided = await asyncio.to_thread(
            decide,
            self._guard,
            _header(scope, _NAME),
            lambda: self._amount(scope),
            _header(scope, b"accept-language") or "",
        )
        if isinstance(decided, Refusal):
            headers = [(name.lower().encode(), value.encode()) for name, value in decided.headers]
            await send(
                {"type": "http.response.start", "status": decided.status, "headers": headers}
            )
            await send({"type": "http.response.body", "body": decided.body})
            return
        word = decided.header().encode()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (_NAME, word)]}
            await send(message)

        await self._application({**scope, RECEIPT: decided}, receive, answer)


def _header(scope: Scope, name: bytes) -> str | None:
    """Return a header's value; one that stands there twice is taken as malformed, not chosen."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return b",".join(values).decode("latin-1") if values else None


def _one(_scope: Scope) -> int:
    return 1
