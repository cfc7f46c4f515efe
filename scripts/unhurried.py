"""Let the workers of pytest-xdist end in their own time: `pytest -p scripts.unhurried`.

A worker that is measured writes what it has seen when it ends. pytest-xdist kills those that take
more than ten seconds over it, as they do on a busy machine, and what they saw is lost without a
word.
"""

from xdist.workermanage import NodeManager  # type: ignore[import-untyped]

# None waits for as long as it takes.
NodeManager.EXIT_TIMEOUT = None
