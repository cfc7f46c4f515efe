"""Reach a node through a provider of web3.py, for those who have one set up already."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from registry.chain.answers import shallow
from registry.errors import ConnectionLost, RegistryError
from registry.redaction import redacted

if TYPE_CHECKING:
    from web3.providers.base import BaseProvider


class Web3Transport:
    """Send payloads through a web3.py provider.

    The provider's own retries apply: one that repeats ``eth_sendRawTransaction`` by itself does so
    here too. That does no harm, since a signed transaction lands once at most.

    :param provider: a synchronous provider, such as ``HTTPProvider`` or ``EthereumTesterProvider``.
    """

    def __init__(self, provider: BaseProvider) -> None:
        self._provider = provider

    def __repr__(self) -> str:
        return f"Web3Transport({self.url!r})"

    @property
    def url(self) -> str:
        """Return where the provider says the node is, without secrets, or else its kind."""
        uri = getattr(self._provider, "endpoint_uri", None)
        return redacted(str(uri)) if uri else type(self._provider).__name__

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it.

        :raises ConnectionLost: where the provider raises anything: whether the node has acted by
            then cannot be known.
        """
        asked = json.loads(payload)
        calls = asked if isinstance(asked, list) else [asked]
        answers = [self._answer(call) for call in calls]
        try:
            return json.dumps(answers if isinstance(asked, list) else answers[0]).encode()
        except RecursionError as cause:
            raise ConnectionLost(url=self.url, reason=type(cause).__name__) from cause

    def close(self) -> None:
        """Leave the provider as it is: it belongs to its maker."""

    def _answer(self, call: dict[str, Any]) -> Any:  # noqa: ANN401 (whatever the node says)
        try:
            with shallow():
                answer: object = self._provider.make_request(call["method"], call["params"])
        except RegistryError:
            raise
        except Exception as cause:  # a provider may raise what its own libraries do
            raise ConnectionLost(url=self.url, reason=type(cause).__name__) from cause
        if not isinstance(answer, dict):
            return answer
        # The provider counts its requests itself; whether the answer has its number it does not
        # check, and over HTTP need not: an answer comes on the connection of its question.
        return {**answer, "id": call["id"]}
