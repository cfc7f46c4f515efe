"""Hash batches in a process of its own, since opening many small files is bound by Python itself.

The child is a plain `python -c` that speaks pickles over its pipes. It is not started through
`multiprocessing`, which would run the user's own script again, or fork a process that has threads.
It never outlives its parent: it ends when its input does.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from typing import Final

from registry.domain.batches import Batch, Hashed, hash_batch
from registry.errors import RegistryError

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from registry.domain.worker import serve; serve()"
)
_STOP_SECONDS: Final = 5


class WorkerLostError(OSError):
    """The child is gone, or could not be started."""


def serve() -> None:
    """Answer each batch on standard input with what it comes to, or with the error, until the end.

    The child must not answer an interrupt: its parent does, and then closes the pipe.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            batch: Batch = pickle.load(requests)  # noqa: S301 - from our own parent
        except EOFError:
            return
        answer: Hashed | RegistryError
        try:
            answer = hash_batch(batch)
        except RegistryError as error:
            answer = error
        pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


class HashingProcess:
    """A child that hashes one batch after the other.

    :raises WorkerLostError: it cannot be started.
    """

    __slots__ = ("_child",)

    def __init__(self) -> None:
        paths = [path or "." for path in sys.path]
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _PROGRAM, *paths],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # A child that cannot work is done without; its traceback would help nobody.
                stderr=subprocess.DEVNULL,
                process_group=0,
            )
        except OSError as error:
            raise WorkerLostError from error

    def hash(self, batch: Batch) -> Hashed:
        """Return what a batch comes to.

        :raises FileChanged: a file changed while it was being read, or is gone.
        :raises FileUnreadable: a file cannot be read.
        :raises WorkerLostError: the child died.
        """
        requests, answers = self._child.stdin, self._child.stdout
        if requests is None or answers is None:
            raise WorkerLostError
        try:
            pickle.dump(batch, requests, pickle.HIGHEST_PROTOCOL)
            requests.flush()
            answer: Hashed | RegistryError = pickle.load(answers)  # noqa: S301 - from our own child
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise WorkerLostError from error
        if isinstance(answer, RegistryError):
            raise answer
        return answer

    def kill(self) -> None:
        """End the child at once, also while another thread waits for its answer."""
        self._child.kill()

    def close(self) -> None:
        """End the child and take its leave."""
        self._child.kill()
        self._child.wait(_STOP_SECONDS)
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
