"""Two clients send with one key, and know nothing of each other: two machines, two homes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from registry.chain.signer import LocalSigner
from tests.integration.sending import KEY, Anvil, bench, child, deployed, running
from tests.integration.test_sender import Mining

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import Address

pytestmark = pytest.mark.anvil

CALLS: Final = 40
TRIES: Final = 40
"""So often each may be stopped by the other; every time one of them gets on."""


@pytest.fixture
def anvil() -> Iterator[Anvil]:
    """Return a node that makes a block every 50 ms."""
    with running("--no-mining") as made, Mining(made, every=0.05):
        yield made


def sent(anvil: Anvil, homes: tuple[Path, Path], counter: Address) -> list[int]:
    """Have both send at once, each until it is done; return the codes of those that were not."""
    firsts, codes = dict(zip(homes, (1, 1_001), strict=True)), []
    left = set(homes)
    for _ in range(TRIES):
        if not left:
            break
        both = {home: child(anvil, home, counter, firsts[home], CALLS) for home in left}
        for home, process in both.items():
            process.communicate()
            if process.returncode == 0:
                left.remove(home)
            else:
                codes.append(process.returncode)
    assert not left
    return codes


def test_two_machines_with_one_key_lose_nothing_and_do_nothing_twice(
    anvil: Anvil, tmp_path: Path
) -> None:
    """Without a common lock they take each other's nonces: each call lands once all the same."""
    homes = (tmp_path / "one", tmp_path / "other")
    with bench(anvil, tmp_path / "first") as using:
        counter = deployed(using)
    start = anvil.nonce(LocalSigner(KEY).address)
    sent(anvil, homes, counter)
    keys = [*range(1, 1 + CALLS), *range(1_001, 1_001 + CALLS)]
    assert [anvil.count(counter, key) for key in keys] == [1] * len(keys)
    # Beside the calls only empty transactions that filled holes.
    assert anvil.nonce(LocalSigner(KEY).address) - start >= len(keys)
