"""Keep applications at home: the secret that salts them, whole forms, and one unfinished form.

What a form says of people never leaves the home by itself; every file is its owner's alone to read.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from typing import TYPE_CHECKING, Any, Final

from registry.domain.nesting import read_shallow
from registry.errors import SettingsUnreadable
from registry.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.application import Application

_SECRET_BYTES: Final = 32
_DRAFT_FORMAT: Final = "dengji-form/1"

Answers = list[tuple[list[Any], Any]]
"""What was answered, in order: the path of each field, such as ["applicants", 0, "name"]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Hold an unfinished form: the data and the profile it is for, and the answers so far."""

    data: str
    profile: str
    answers: Answers


class Applications:
    """Keep applications in one home; each file is written whole or not at all."""

    def __init__(self, home: Path) -> None:
        """Name the home; the folder is made when something is first kept."""
        self.folder = home / "applications"

    def secret(self) -> bytes:
        """Return this home's secret (32 bytes), made when it is first asked for.

        What is salted by it can be guessed by nobody who has not seen this file. Raises
        `SettingsUnreadable` where that is damaged: another secret would give other hashes.
        """
        path = self.folder / "secret"
        with contextlib.suppress(FileNotFoundError):
            return _secret_in(path)
        self._write(path, secrets.token_bytes(_SECRET_BYTES).hex(), once=True)
        return _secret_in(path)

    def keep(self, application: Application) -> Path:
        """Write the whole form, people included, and return where."""
        path = self.folder / f"{application.metadata_hash.hex()}.json"
        said = {"profile": application.profile.name, "form": application.to_mapping()}
        self._write(path, json.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return path

    def draft(self, data: str, profile: str) -> Draft | None:
        """Return the unfinished form for some data under a profile.

        It is None where there is none, or where it cannot be read.
        """
        try:
            said = read_shallow(self.draft_path(data, profile).read_bytes())
            answers = [(list(path), value) for path, value in said["answers"]]
        except (OSError, ValueError, LookupError, TypeError):
            return None
        if said.get("format") != _DRAFT_FORMAT:
            return None
        return Draft(data=data, profile=profile, answers=answers)

    def save_draft(self, draft: Draft) -> Path:
        """Keep an unfinished form, in place of an earlier one for the same, and return where."""
        path = self.draft_path(draft.data, draft.profile)
        said = {
            "format": _DRAFT_FORMAT,
            "data": draft.data,
            "profile": draft.profile,
            "answers": draft.answers,
        }
        self._write(path, json.dumps(said, ensure_ascii=False, indent=1) + "\n")
        return path

    def drop_draft(self, data: str, profile: str) -> None:
        """Forget an unfinished form."""
        self.draft_path(data, profile).unlink(missing_ok=True)

    def draft_path(self, data: str, profile: str) -> Path:
        """Return where the unfinished form for some data is or would be kept."""
        # Imported here for start-up time: few commands keep a draft.
        from hashlib import sha256  # noqa: PLC0415

        subject = os.fsencode(f"{profile}\0{data}")
        return self.folder / "drafts" / f"{sha256(subject).hexdigest()[:16]}.json"

    def _write(self, path: Path, text: str, *, once: bool = False) -> None:
        """Write a file that its owner alone can read; with `once` an earlier one stays."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{path.name}.{os.getpid()}.part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if once:
                with contextlib.suppress(FileExistsError):
                    path.hardlink_to(partial)
            else:
                partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _secret_in(path: Path) -> bytes:
    try:
        found = bytes.fromhex(path.read_text("ascii"))
    except ValueError as error:
        raise SettingsUnreadable(file=str(path), reason="malformed") from error
    if len(found) != _SECRET_BYTES:
        raise SettingsUnreadable(file=str(path), reason="malformed")
    return found
