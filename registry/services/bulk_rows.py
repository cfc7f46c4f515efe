"""Keep the rows of a table on disk between its passes, so that memory does not grow with them."""

from __future__ import annotations

import struct
import tempfile
from enum import IntEnum
from typing import IO, TYPE_CHECKING, Final, Self

from registry.domain.ids import ProductId
from registry.domain.operations import Register
from registry.domain.product import ParticularFlag
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.records import dataclass
from registry.services.declared import Declared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUFFER: Final = 1 << 16
_PREPARED: Final = struct.Struct(">QBBBBBQ32s32s20s")
_PLANNED: Final = struct.Struct(">B20sHI32sQ")
_NO_SERIES: Final = bytes(ProductId.length)
_DESCRIBED: Final = 1
_RIGHTS_SAID: Final = 2
_CLASS_SAID: Final = 4


class Fate(IntEnum):
    """Say what becomes of a row."""

    FRESH = 0
    RECOGNISED = 1
    REGISTERED = 2
    ANCHORED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Hold what a row is to register; `described` as of a `Row`, the two `said` of its cells."""

    line: int
    item: Register
    described: bool
    rights_said: bool
    class_said: bool

    @property
    def declared(self) -> Declared:
        """Return what the row asks to have declared."""
        return Declared(
            rights=self.item.rights if self.rights_said else None,
            security_class=self.item.security_class if self.class_said else None,
            series=self.item.series,
            locator=self.item.locator,
        )

    def pack(self) -> bytes:
        """Return the row as bytes."""
        said = self.described * _DESCRIBED
        said |= self.rights_said * _RIGHTS_SAID | self.class_said * _CLASS_SAID
        item = self.item
        head = _PREPARED.pack(
            self.line,
            said,
            item.rights,
            item.security_class,
            item.source,
            item.flags,
            item.salt,
            item.content_root,
            item.metadata_hash,
            _NO_SERIES if item.series is None else item.series.raw,
        )
        return head + item.locator.encode("ascii")

    @classmethod
    def unpack(cls, raw: bytes) -> Self:
        """Return the row that bytes hold."""
        line, said, rights, klass, source, flags, salt, root, digest, series = (
            _PREPARED.unpack_from(raw)
        )
        item = Register(
            content_root=root,
            metadata_hash=digest,
            salt=salt,
            rights=Right(rights),
            security_class=SecurityClass(klass),
            source=Source(source),
            flags=ParticularFlag(flags),
            series=ProductId(series) if series != _NO_SERIES else None,
            locator=raw[_PREPARED.size :].decode("ascii"),
        )
        return cls(
            line=line,
            item=item,
            described=bool(said & _DESCRIBED),
            rights_said=bool(said & _RIGHTS_SAID),
            class_said=bool(said & _CLASS_SAID),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Hold a row, which product it is or will be, and where that stands.

    `others` counts the claims of other parties on the content. `transaction` (32 bytes) and `block`
    are those of the version, zero while it is not registered.
    """

    row: Prepared
    fate: Fate
    product: ProductId
    version: int = 1
    others: int = 0
    transaction: bytes = bytes(32)
    block: int = 0

    def pack(self) -> bytes:
        """Return the row as bytes."""
        head = _PLANNED.pack(
            self.fate, self.product.raw, self.version, self.others, self.transaction, self.block
        )
        return head + self.row.pack()

    @classmethod
    def unpack(cls, raw: bytes) -> Self:
        """Return the row that bytes hold."""
        fate, product, version, others, transaction, block = _PLANNED.unpack_from(raw)
        return cls(
            row=Prepared.unpack(raw[_PLANNED.size :]),
            fate=Fate(fate),
            product=ProductId(product),
            version=version,
            others=others,
            transaction=transaction,
            block=block,
        )


class Spill:
    """Keep records in a file without a name, and give them back in their order, once or again.

    :param folder: where the file is; None for the system's folder for such.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = tempfile.TemporaryFile(buffering=_BUFFER, dir=folder)  # noqa: SIM115 (see close)
        self._file: IO[bytes] = made
        self.count = 0

    def add(self, record: bytes) -> None:
        """Keep one record of at most 65,535 bytes."""
        self._file.write(len(record).to_bytes(2) + record)
        self.count += 1

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while head := self._file.read(2):
            yield self._file.read(int.from_bytes(head))

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
