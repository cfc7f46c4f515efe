"""Start the proxy in a process of its own, and order its faults."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.faults.kinds import STORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROOT: Final = Path(__file__).parents[2]
_ENDING_SECONDS: Final = 60
EVER: Final = 1_000_000
"""How many times a fault comes that never ends."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Hold how often methods were asked for, and passed to the node, and what befell them."""

    asked: Counter[str]
    passed: Counter[str]
    done: Counter[str]


class Proxy:
    """Order the faults of a running proxy; `url` is where clients find it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port

    def arm(
        self, kind: str, method: str = "*", *, nth: int = 1, times: int = 1, blocks: int = 2
    ) -> None:
        """Have a fault befall the questions of a method from the `nth` on, so many times.

        `blocks` is how old the view is that a stale answer gives.
        """
        one = {"kind": kind, "method": method, "nth": nth, "times": times, "blocks": blocks}
        self._order(arm=[one])

    def storm(
        self,
        chance: float,
        seed: int,
        *,
        families: Sequence[str] = tuple(STORM),
        blocks: int = 2,
    ) -> None:
        """Have a fault of each family befall each question with a chance."""
        self._order(
            storm={"chance": chance, "rng": seed, "families": tuple(families), "blocks": blocks}
        )

    def calm(self) -> Counted:
        """End all faults and begin to count anew; return what was counted."""
        counted = self.counted()
        self._order(calm=True)
        return counted

    def counted(self) -> Counted:
        """Return what was counted since the last calm."""
        found = self._order()
        return Counted(*(Counter(found[name]) for name in ("asked", "passed", "done")))

    def node_is(self, url: str) -> None:
        """Pass questions on to a node from now on."""
        self._order(node=url)

    def hide_node(self, *, hidden: bool = True) -> None:
        """Abort every connection as if no node were there, or serve again."""
        self._order(gone=hidden)

    def _order(self, **order: Any) -> Any:  # noqa: ANN401 (JSON)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_ENDING_SECONDS)
        try:
            connection.request("POST", "/-/", json.dumps(order).encode())
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def proxy(node: str) -> Iterator[Proxy]:
    """Run a proxy before a node, without faults until some are ordered."""
    command = [sys.executable, "-m", "tests.faults.proxy", node]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Proxy(int(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(_ENDING_SECONDS)
