"""Hash on request, in a process of its own: the child's side.

It imports little, since it is started for a folder of some hundred files already.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
from typing import TYPE_CHECKING

from registry.domain.batches import Batch, hash_batch
from registry.domain.mapped import Range, hash_mapped
from registry.errors import RegistryError

if TYPE_CHECKING:
    from registry.domain.batches import Hashed


def serve() -> None:
    """Answer each request on standard input with what it comes to, or the error, until the end.

    The child must not answer an interrupt: its parent does, and then closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing here refers to itself, so looking for such things is a waste.
    gc.disable()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            request: Batch | Range = pickle.load(requests)  # noqa: S301 - from our own parent
        except EOFError:
            return
        answer: Hashed | list[bytes] | RegistryError
        try:
            answer = hash_batch(request) if isinstance(request, Batch) else hash_mapped(request)
        except RegistryError as error:
            answer = error
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
