"""A long list is drawn no further ahead than it is bounded, in calls and in bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.chain.sender import Call
from registry.chain.submission import Submission
from tests.integration.sending import Anvil, bench, deployed, running, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.chain.receipts import Found
    from registry.domain.ids import Address

pytestmark = pytest.mark.anvil
LONG = bytes(30_000)
MOST_BYTES = (1 << 19) + 3 * (1 << 17) + 2 * len(LONG)
"""What may be in flight, three turns beyond it, and the calls that go over the edges."""


@pytest.fixture(scope="module")
def anvil() -> Iterator[Anvil]:
    """Return a node that makes a block a second."""
    with running("--block-time", "1") as started:
        yield started


class Drawn:
    """Give out calls, and note how far ahead of what was handed back that is at most."""

    def __init__(self, counter: Address, number: int, padding: bytes) -> None:
        self.counter, self.number, self.padding = counter, number, padding
        self.given = self.returned = self.ahead = 0

    def calls(self) -> Iterator[Call]:
        """Yield calls that count a key each."""
        for key in range(1, self.number + 1):
            self.given += 1
            self.ahead = max(self.ahead, self.given - self.returned)
            data = word(key) + self.padding
            yield Call(to=self.counter, data=data, purpose="count", intent=f"{key}")


@pytest.mark.parametrize(
    ("number", "padding", "most"),
    [(60, LONG, MOST_BYTES // len(LONG)), (1_900, b"", 800 + 800 + 200)],
)
def test_a_list_is_drawn_a_bounded_way_ahead(
    anvil: Anvil, tmp_path: Path, number: int, padding: bytes, most: int
) -> None:
    """However long it is, no more is held than one window and one turn; all of it lands."""
    with bench(anvil, tmp_path) as using:
        using.sender.window = 800
        drawn = Drawn(deployed(using), number, padding)
        for landed in using.sender.send_all(drawn.calls()):
            drawn.returned += 1
            assert landed.intent == str(drawn.returned)
        assert drawn.given == drawn.returned == number
        assert drawn.ahead <= most
        sampled = range(1, number + 1, 50)
        assert [using.anvil.count(drawn.counter, key) for key in sampled] == [1] * len(sampled)


def test_large_receipts_are_read_by_their_weight(
    anvil: Anvil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more is asked for at once than 16 KiB of calls came to, and one where it has more."""
    asked: list[int] = []
    receipts = Submission.receipts

    def counted(
        self: Submission, hashes: Sequence[bytes], blocks: Sequence[int] = ()
    ) -> dict[bytes, Found]:
        asked.append(len(hashes))
        return receipts(self, hashes, blocks)

    monkeypatch.setattr(Submission, "receipts", counted)
    for padding, most in ((LONG, 1), (bytes(5_000), 3)):
        asked.clear()
        with bench(anvil, tmp_path / str(most)) as using:
            drawn = Drawn(deployed(using), 9, padding)
            assert len(list(using.sender.send_all(drawn.calls()))) == drawn.number
        # The first is the counter's own deployment.
        assert 1 <= max(asked[1:]) <= most
