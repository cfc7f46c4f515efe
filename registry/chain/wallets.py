"""Remember at home which accounts sign elsewhere, and where: one small file for each."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from registry.chain import private_files
from registry.domain.ids import Address
from registry.domain.nesting import read_shallow
from registry.errors import AccountExists, AccountUnknown, SignerUnusable

if TYPE_CHECKING:
    from pathlib import Path

    from registry.chain.external import Line

VERSION: Final = 1
MAX_SECONDS: Final = 3600
_MAX_BYTES: Final = 4096
_FILE_NAME: Final = re.compile(r"([0-9a-f]{40})\.json")


class Wallets:
    """Hold the files of one folder, `<address>.json`, mode 0600."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first account is connected."""
        self.folder = folder

    def addresses(self) -> tuple[Address, ...]:
        """Return which accounts sign elsewhere, in the order of their digits."""
        if not self.folder.is_dir():
            return ()
        names = sorted(path.name for path in self.folder.iterdir())
        found = (_FILE_NAME.fullmatch(name) for name in names)
        return tuple(Address(bytes.fromhex(one[1])) for one in found if one)

    def path_of(self, address: Address) -> Path:
        """Return where the file of an account is or would be."""
        return self.folder / f"{address.raw.hex()}.json"

    def connect(self, address: Address, line: Line) -> None:
        """Remember where an account signs; raises AccountExists."""
        path = self.path_of(address)
        if path.exists():
            raise AccountExists(address=str(address), path=str(path))
        private_files.make_folder(self.folder)
        known = {
            "version": VERSION,
            "address": str(address),
            "socket": str(line.path),
            "owner": line.owner,
            "timeout": line.timeout,
        }
        private_files.write(path, json.dumps(known, indent=1).encode() + b"\n")

    def disconnect(self, address: Address) -> None:
        """Forget where an account signs; raises AccountUnknown."""
        try:
            private_files.remove(self.path_of(address))
        except FileNotFoundError as error:
            raise AccountUnknown(address=str(address), directory=str(self.folder)) from error

    def line(self, address: Address) -> Line:
        """Return the way to what signs for an account; raises SignerUnusable, KeystoreExposed."""
        # Imported here for start-up time: who only asks needs no socket.
        from registry.chain.external import Line  # noqa: PLC0415

        path = self.path_of(address)
        known = self._read(path)
        place, owner, timeout = (known.get(one) for one in ("socket", "owner", "timeout"))
        sound = (
            known.get("version") == VERSION
            and known.get("address") == str(address)
            and isinstance(place, str)
            and place.startswith("/")
            and type(owner) is int
            and type(timeout) is int
            and 0 < timeout <= MAX_SECONDS
        )
        if not sound:
            raise SignerUnusable(path=str(path), reason="signer-file")
        return Line(path=type(path)(str(place)), owner=int(str(owner)), timeout=int(str(timeout)))

    def _read(self, path: Path) -> dict[str, Any]:
        try:
            private_files.refuse_exposed(self.folder, self.folder.stat())
            known: object = read_shallow(private_files.read(path, _MAX_BYTES))
        except OSError as error:
            raise SignerUnusable(path=str(path), reason=error.strerror or str(error)) from error
        except ValueError as error:
            raise SignerUnusable(path=str(path), reason="not-json") from error
        if not isinstance(known, dict):
            raise SignerUnusable(path=str(path), reason="not-json-object")
        return known
