"""Hash in processes: many small files, or ranges of large ones.

Opening small files is bound by Python itself, and mapping large ones can take a process down. The
child is a plain `python -c` that speaks pickles over its pipes. It is not started through
`multiprocessing`, which would run the user's own script again, or fork a process that has threads.
It never outlives its parent: it ends when its input does.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from registry.errors import RegistryError

if TYPE_CHECKING:
    from registry.domain.batches import Batch, Hashed
    from registry.domain.mapped import Range

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; from registry.domain.worker import serve; serve()"
)
_STOP_SECONDS: Final = 5
_HANDED_ON: Final = ("LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TMPDIR")


class WorkerLostError(OSError):
    """The child is gone, or could not be started."""


class HashingProcess:
    """A child that hashes one batch or range after the other.

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
                # It asks nobody: what is set for us, or for others, is not its affair.
                env={name: os.environ[name] for name in _HANDED_ON if name in os.environ},
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
        hashed: Hashed = self._ask(batch)
        return hashed

    def hash_range(self, wanted: Range) -> list[bytes]:
        """Return the BLAKE3 digests of the chunks of a range.

        :raises FileChanged: the file is no longer as it was.
        :raises WorkerLostError: the child died, maybe since the file was cut short.
        """
        leaves: list[bytes] = self._ask(wanted)
        return leaves

    def _ask(self, request: Batch | Range) -> Any:  # noqa: ANN401 - the request says which answer
        """Return the child's answer to a request, or raise it."""
        requests, answers = self._child.stdin, self._child.stdout
        if requests is None or answers is None:
            raise WorkerLostError
        try:
            pickle.dump(request, requests, pickle.HIGHEST_PROTOCOL)
            requests.flush()
            answer = pickle.load(answers)  # noqa: S301 - from our own child
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
