"""Put the search for cyclic garbage off while very many values are made that have no cycles.

The collector looks through all that is new again and again as it piles up; over the logs of one
answer that is a third of the time that reading them takes.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector from running, for as long as one answer takes to be read."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
