"""Say what can go wrong with files, folders, manifests and metadata."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import Flaw, IntegrityError, InvalidInputError


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


class FileUnwritable(InvalidInputError):
    """The system does not let a file be written; `reason` is its own word for it."""

    code: ClassVar[str] = "file-unwritable"
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
    """Descriptive fields are unknown, missing, or have values that they may not have.

    `problems` has all that is wrong: for each the `field`, the `problem`, the `value` given, the
    `nearest` spelling (empty where none is like it), and what is `allowed`. A problem is one of
    `unknown-field`, `missing`, `wrong-type`, `too-long`, `empty`, `not-allowed`, `malformed`,
    `not-a-code`, `check-failed`, and of an application also what `registry.domain.completeness`
    names.
    """

    code: ClassVar[str] = "metadata-invalid"
    problems: list[Flaw]

    @property
    def field(self) -> str:
        """Return the field of the first problem."""
        return str(self.problems[0]["field"])

    @property
    def problem(self) -> str:
        """Return the first problem."""
        return str(self.problems[0]["problem"])

    @property
    def value(self) -> str:
        """Return what was given where the first problem is."""
        return str(self.problems[0]["value"])

    @property
    def allowed(self) -> list[str]:
        """Return what would do where the first problem is."""
        return list(self.problems[0]["allowed"])


class ManifestMalformed(InvalidInputError):
    """A manifest is not the canonical form; `line` counts from 1."""

    code: ClassVar[str] = "manifest-malformed"
    line: int
    reason: str


class ManifestInsideContent(InvalidInputError):
    """The manifest would be written into the folder that it describes."""

    code: ClassVar[str] = "manifest-inside-content"
    path: str


class SaltsUnreadable(InvalidInputError):
    """A file holds no salts of a private registration."""

    code: ClassVar[str] = "salts-unreadable"
    file: str


class SaltsMissing(InvalidInputError):
    """No salts of a product are kept here, so there is nothing to erase."""

    code: ClassVar[str] = "salts-missing"
    product: str


class PrivacyUnfit(InvalidInputError):
    """A registration under a profile cannot be private: its registrar must see what it enters."""

    code: ClassVar[str] = "privacy-unfit"
    profile: str


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
