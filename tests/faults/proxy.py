"""Stand between a client and a node as a network that misbehaves on order.

    python -m tests.faults.proxy http://127.0.0.1:8545

listens on a free port of this machine and says which. Each POST to `/` is passed on to the node as
the faults say that are armed; `/-/…` is for whoever arms them (`tests.faults.control`). The process
ends when its standard input does, so that it never outlives its maker.
"""

from __future__ import annotations

import http.client
import json
import random
import socketserver
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from tests.faults import replies
from tests.faults.kinds import KINDS, STORM, Kind
from tests.faults.wires import Line, plain, reset

Json = Any
_PATIENCE: Final = 60
_HEAD_CALL: Final = b'{"jsonrpc":"2.0","id":0,"method":"eth_blockNumber","params":[]}'


@dataclass(slots=True, kw_only=True)
class Armed:
    """Hold a fault that waits for its turn: the `nth` question of a method that it can befall."""

    kind: Kind
    method: str
    nth: int
    times: int
    blocks: int
    met: int = 0

    def takes(self, calls: list[replies.Call], *, batch: bool) -> bool:
        """Tell whether it befalls this payload, and count it."""
        named = self.method == "*" or any(call.get("method") == self.method for call in calls)
        if not named or not self.kind.fits(calls, batch=batch):
            return False
        self.met += 1
        return self.nth <= self.met < self.nth + self.times


@dataclass(slots=True, kw_only=True)
class Storm:
    """Draw a fault now and then from each family, the same for the same seed and questions."""

    chance: float
    blocks: int
    families: tuple[str, ...]
    rng: random.Random

    def draw(self, calls: list[replies.Call], *, batch: bool) -> Kind | None:
        """Return a fault that can befall a payload, or None."""
        for family in self.families:
            if self.rng.random() >= self.chance:
                continue
            fit = [KINDS[name] for name in STORM[family] if KINDS[name].fits(calls, batch=batch)]
            if fit:
                return self.rng.choice(fit)
        return None


@dataclass(slots=True, kw_only=True)
class Orders:
    """Hold what the proxy is to do, and what it has done.

    :ivar gone: whether the node counts as away: every connection is then aborted.
    :ivar asked: how often each method was asked for; `passed` how often the node was asked.
    :ivar done: how often each fault befell each method, by `fault method`.
    """

    node: str
    gone: bool = False
    armed: list[Armed] = field(default_factory=list)
    storm: Storm | None = None
    asked: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    passing: threading.Condition = field(default_factory=threading.Condition)

    def choose(self, calls: list[replies.Call], *, batch: bool) -> tuple[Kind | None, str, int]:
        """Return the fault that befalls a payload, what it is about, and how old its view is."""
        with self.lock:
            self.asked.update(str(call.get("method")) for call in calls)
            # Each armed fault counts each question, whichever of them is its turn.
            due = [armed for armed in self.armed if armed.takes(calls, batch=batch)]
            if due:
                return self._noted(due[0].kind, calls), due[0].method, due[0].blocks
            kind = self.storm.draw(calls, batch=batch) if self.storm else None
            return self._noted(kind, calls), "*", self.storm.blocks if self.storm else 0

    def _noted(self, kind: Kind | None, calls: list[replies.Call]) -> Kind | None:
        if kind is not None:
            self.done.update(f"{kind.name} {method}" for method in {c["method"] for c in calls})
        return kind

    def obey(self, order: dict[str, Json]) -> Json:
        """Carry out an order, and return what was counted so far."""
        with self.lock:
            if "arm" in order:
                self.armed += [Armed(**{**one, "kind": KINDS[one["kind"]]}) for one in order["arm"]]
            if order.get("calm"):
                self.armed, self.storm = [], None
                for counter in (self.asked, self.passed, self.done):
                    counter.clear()
            if (storm := order.get("storm")) is not None:
                self.storm = Storm(**{**storm, "rng": random.Random(storm["rng"])})
            self.node = order.get("node", self.node)
            self.gone = order.get("gone", self.gone)
            return {"asked": self.asked, "passed": self.passed, "done": self.done}


class _Node:
    """Ask the node, over one connection that is kept while it serves."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._where = ""
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, payload: bytes) -> bytes:
        """Return the node's reply; raises OSError and HTTPException where it is not there."""
        if self._connection is None or self._where != self._orders.node:
            self.close()
            self._where = self._orders.node
            at = urlsplit(self._where)
            self._connection = http.client.HTTPConnection(
                at.hostname or "", at.port, timeout=_PATIENCE
            )
        try:
            self._connection.request("POST", "/", payload, {"Content-Type": "application/json"})
            return self._connection.getresponse().read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Handler(socketserver.StreamRequestHandler):
    """Serve one connection of a client."""

    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        node, orders = _Node(self.server.orders), self.server.orders
        line = Line(self.connection, orders.passing)
        try:
            goes_on = True
            while goes_on and (asked := self._request()) is not None:
                path, body = asked
                goes_on = self._serve(line, node, body) if path == "/" else self._order(line, body)
        except (OSError, http.client.HTTPException):
            # The client has gone, or the node has: a client sees its connection end.
            reset(line, b"")
        finally:
            node.close()

    def _request(self) -> tuple[str, bytes] | None:
        first = self.rfile.readline()
        if not first:
            return None
        length = 0
        while (header := self.rfile.readline().strip()) != b"":
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return first.split()[1].decode(), self.rfile.read(length)

    def _order(self, line: Line, body: bytes) -> bool:
        return plain(line, json.dumps(self.server.orders.obey(json.loads(body))).encode())

    def _serve(self, line: Line, node: _Node, body: bytes) -> bool:
        orders = self.server.orders
        payload = json.loads(body)
        batch = isinstance(payload, list)
        calls = payload if batch else [payload]
        kind, target, blocks = orders.choose(calls, batch=batch)
        if orders.gone:
            return reset(line, b"")
        if kind is None:
            goes_on = plain(line, self._passed(node, body, calls))
        else:
            reply = self._faulty(node, kind, calls, batch=batch, target=target, blocks=blocks)
            goes_on = kind.wire(line, reply)
        with orders.passing:
            orders.passing.notify_all()
        return goes_on

    def _passed(self, node: _Node, body: bytes, calls: list[replies.Call]) -> bytes:
        orders = self.server.orders
        with orders.lock:
            orders.passed.update(str(call.get("method")) for call in calls)
        return node.ask(body)

    def _faulty(
        self,
        node: _Node,
        kind: Kind,
        calls: list[replies.Call],
        *,
        batch: bool,
        target: str,
        blocks: int,
    ) -> bytes:
        head = None
        seen = calls
        if kind.views:
            newest = json.loads(node.ask(_HEAD_CALL))["result"]
            head = max(0, int(newest, 16) - blocks)
            seen = [replies.viewed(call, head) for call in calls]
        body = json.dumps(seen if batch else seen[0]).encode()
        answers = tuple(self._passed(node, body, seen) for _ in range(kind.asked))
        about = "*" if kind.views else target
        exchange = replies.Exchange(
            calls=calls, batch=batch, answers=answers, head=head, target=about
        )
        return kind.change(exchange)


class _Server(socketserver.ThreadingTCPServer):
    """Listen on a free port of this machine, with a thread for each client's connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, orders: Orders) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.orders = orders

    def handle_error(self, *_: object) -> None:
        """Let a client that broke off go; anything else is said on standard error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(*_)  # type: ignore[arg-type]


def main() -> None:
    """Serve until standard input ends."""
    server = _Server(Orders(node=sys.argv[1]))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)  # noqa: T201 (its answer)
    sys.stdin.read()


if __name__ == "__main__":
    main()
