"""Say what can go wrong with files, folders, manifests and metadata."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class ContentMissing(InvalidInputError):
    """Nothing stands at the path given."""

    code: ClassVar[str] = "content-missing"
    path: str


class FolderEmpty(InvalidInputError):
    """The folder holds no file, so there is nothing to register."""

    code: ClassVar[str] = "folder-empty"
    path: str


class PathsRefused(InvalidInputError):
    """Names in the content that two machines could not agree on.

    `offences` has the first of them as `path: reason`, `count` says how many there are. The reasons
    are `symlink`, `special-file`, `not-utf-8`, `same-name` and `path-too-long`.
    """

    code: ClassVar[str] = "paths-refused"
    offences: list[str]
    count: int


class FileUnreadable(InvalidInputError):
    """The system does not let a file or folder be read; `reason` is its own word for it."""

    code: ClassVar[str] = "file-unreadable"
    path: str
    reason: str


class FileTooLong(InvalidInputError):
    """A file that must be held whole has more than `limit` bytes, or no end."""

    code: ClassVar[str] = "file-too-long"
    path: str
    limit: int


class FileChanged(InvalidInputError):
    """A file or folder changed while it was being read.

    `change` is one of `replaced`, `grew`, `shrank`, `rewritten`, `vanished`.
    """

    code: ClassVar[str] = "file-changed"
    path: str
    change: str


class IgnoreMalformed(InvalidInputError):
    """A line of the ignore file cannot be understood."""

    code: ClassVar[str] = "ignore-malformed"
    line: int
    pattern: str
    reason: str


class DigestUnknown(InvalidInputError):
    """A further digest was asked for that is not on offer here."""

    code: ClassVar[str] = "digest-unknown"
    digest: str
    allowed: list[str]


class MetadataInvalid(InvalidInputError):
    """A descriptive field is unknown, missing, too long or has a value that is not allowed.

    `problem` is one of `unknown-field`, `missing`, `wrong-type`, `too-long`, `empty`,
    `not-allowed`, `malformed`; `allowed` names the fields or values that would do.
    """

    code: ClassVar[str] = "metadata-invalid"
    field: str
    problem: str
    value: str
    allowed: list[str]


class ManifestMalformed(InvalidInputError):
    """A manifest is not the canonical form; `line` counts from 1."""

    code: ClassVar[str] = "manifest-malformed"
    line: int
    reason: str


class ManifestInsideContent(InvalidInputError):
    """The manifest would be written into the folder that it describes."""

    code: ClassVar[str] = "manifest-inside-content"
    path: str


class SliceOutOfRange(InvalidInputError):
    """A slice was asked for that the file does not have."""

    code: ClassVar[str] = "slice-out-of-range"
    offset: int
    length: int
    size: int


class SliceProofInvalid(IntegrityError):
    """A slice and its proof do not lead to the content root."""

    code: ClassVar[str] = "slice-proof-invalid"
    reason: str
