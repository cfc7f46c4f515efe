"""Count how often each of very many words has come, in memory that does not grow with them."""

from __future__ import annotations

import sqlite3
from typing import Final

_KEPT: Final = 500
"""So many words are counted in memory; a list of millions is counted on disk beyond them."""
_TABLE: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -500;
CREATE TABLE words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
"""


class Occurrences:
    """Count words as they come.

    What does not fit into memory is in a temporary file of SQLite's, which goes with the object.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        """Begin with no word counted; `kept` are counted in memory."""
        self._kept = kept
        self._counts: dict[str, int] = {}
        self._more: sqlite3.Connection | None = None

    def count(self, word: str) -> int:
        """Count a word once more, and return which time it is: 1 for the first."""
        if word in self._counts or len(self._counts) < self._kept:
            nth = self._counts[word] = self._counts.get(word, 0) + 1
            return nth
        db = self._opened()
        row = db.execute("SELECT count FROM words WHERE word = ?", (word,)).fetchone()
        nth = row[0] + 1 if row else 1
        db.execute("REPLACE INTO words VALUES (?, ?)", (word, nth))
        return nth

    def _opened(self) -> sqlite3.Connection:
        if self._more is None:
            # No name: a file of its own, which no other program sees. One thread uses it at a time.
            self._more = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._more.executescript(_TABLE)
        return self._more
