"""Keep at home what ties private registrations to their content, and erase it for good."""

from __future__ import annotations

import contextlib
import os
from hashlib import sha256
from typing import TYPE_CHECKING

from registry.archive import write_private
from registry.domain.salted import Salted
from registry.errors import SaltsUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import ProductId


class Salts:
    """Keep salts in one home; each file is its owner's alone, and written whole or not at all."""

    def __init__(self, home: Path) -> None:
        """Name the home; the folder is made when something is first kept."""
        self._folder = home / "salts"

    @property
    def empty(self) -> bool:
        """Tell whether no salts are kept."""
        return not any(self._folder.glob("*.json"))

    def path(self, salted_root: bytes) -> Path:
        """Return where the salts of a registration with this salted content root are kept."""
        return self._folder / f"{salted_root.hex()}.json"

    def keep(self, one: Salted) -> None:
        """Keep the salts of a registration, before anything is sent."""
        write_private(self.path(one.salted_root), one.canonical())

    def of_content(self, content_root: bytes) -> Iterator[Salted]:
        """Yield what is kept for content with this root of its own, in the order of the files."""
        for path in sorted(self._folder.glob("*.json")):
            # What cannot be read opens nothing.
            with contextlib.suppress(SaltsUnreadable, OSError):
                one = Salted.read(path.read_bytes())
                if one.content_root == content_root and self.path(one.salted_root) == path:
                    yield one

    def erase(self, salted_root: bytes) -> bool:
        """Overwrite and remove the salts of a registration; False where there are none.

        Copies elsewhere, and those that a file system or a disk keeps by itself, are out of reach.
        """
        path = self.path(salted_root)
        try:
            with path.open("r+b") as file:
                size = os.fstat(file.fileno()).st_size
                file.write(os.urandom(size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return False
        path.unlink()
        return True

    def keep_record(self, product: ProductId, record: bytes) -> Path:
        """Keep the record of an erasure under its SHA-256, and return where."""
        path = self._records(product) / f"{sha256(record).hexdigest()}.json"
        write_private(path, record)
        return path

    def records(self, product: ProductId) -> Iterator[bytes]:
        """Yield the records of a product's erasures."""
        for path in sorted(self._records(product).glob("*.json")):
            record = path.read_bytes()
            if sha256(record).hexdigest() == path.stem:
                yield record

    def _records(self, product: ProductId) -> Path:
        return self._folder / "erased" / str(product)
