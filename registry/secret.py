"""Hold passwords and keys in memory of their own: it shows nothing, is not swapped, can be wiped.

Python's texts and bytes cannot be overwritten and are copied at will, so a secret lives in a mapped
page instead: locked into memory and left out of core files where the system allows it, filled with
zeros when it is let go. What libraries ask to have as text or bytes (a mnemonic, what a derivation
returns) stays in freed memory until something else is written there.
"""

from __future__ import annotations

import mmap
import sys
from typing import Final, NoReturn, Self

Bytes = bytes | bytearray | memoryview
"""What a secret may be copied from, beside a text."""

_SHOWN: Final = "Secret(…)"
_PR_SET_DUMPABLE: Final = 4


class Secret:
    """Hold a number of bytes that no `repr`, pickle, traceback or core file shows.

    Used as a context manager it is wiped at the end. Two are equal when their bytes are.

    >>> secret = Secret.of("open sesame")
    >>> secret, len(secret), secret == Secret.of(b"open sesame")
    (Secret(…), 11, True)
    >>> secret.wipe()
    >>> len(secret)
    0
    """

    __slots__ = ("_length", "_page")
    __hash__ = None  # type: ignore[assignment] # what is hashed could be guessed

    def __init__(self, size: int) -> None:
        """Make room for `size` bytes, which are zero."""
        flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
        self._page = mmap.mmap(-1, max(size, 1), flags=flags)
        self._length = size
        _keep_in_memory(self._page)

    @classmethod
    def of(cls, content: str | Bytes | Secret) -> Self:
        """Copy a text (as UTF-8), bytes or another secret; what was given is not wiped."""
        if isinstance(content, Secret):
            content = content.view
        given = memoryview(content.encode() if isinstance(content, str) else content)
        made = cls(len(given))
        made.view[:] = given
        return made

    @property
    def view(self) -> memoryview:
        """Return the bytes themselves, to read and to write."""
        return memoryview(self._page)[: self._length]

    def cut(self, length: int) -> None:
        """Keep the first `length` bytes, and wipe the others."""
        kept = min(length, self._length)
        self.view[kept:] = bytes(self._length - kept)
        self._length = kept

    def wipe(self) -> None:
        """Fill the memory with zeros; nothing is left to read."""
        self.cut(0)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        # Imported here for start-up time: few secrets are compared.
        from hmac import compare_digest  # noqa: PLC0415

        return isinstance(other, Secret) and compare_digest(self.view, other.view)

    def __repr__(self) -> str:
        return _SHOWN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wipe()


def shield() -> None:
    """Keep the memory of this process out of core files, and from debuggers of the same user.

    Called before a key is unlocked or a password asked for. Programs that this one starts get no
    core file either, and can be looked at again. Where the system knows none of it, nothing is
    done.
    """
    # Imported here for start-up time: only who signs has secrets.
    import resource  # noqa: PLC0415

    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 (start-up time)

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _keep_in_memory(page: mmap.mmap) -> None:
    """Have a page neither swapped nor dumped; a limit that forbids locking is let be."""
    if sys.platform != "linux":
        return
    # Imported here for start-up time: only who signs has secrets.
    import ctypes  # noqa: PLC0415

    page.madvise(mmap.MADV_DONTDUMP)
    start = ctypes.c_char.from_buffer(page)
    ctypes.CDLL(None).mlock(ctypes.c_void_p(ctypes.addressof(start)), ctypes.c_size_t(len(page)))
