"""The errors that Dengji raises.

    RegistryError
    ├── ConfigError          what was set up cannot be used
    ├── InvalidInputError    what was given cannot be used
    ├── IntegrityError       what was found contradicts what was recorded
    ├── ChainError           the node or the network is in trouble
    └── ContractRevert       the chain refused

Every class has a stable `code` and typed, keyword-only fields; the sentence for a person comes from
the message catalogue by that code.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

FieldValue = str | int | list[str]


@dataclass(kw_only=True, eq=False)
class RegistryError(Exception):
    """Something that Dengji refuses or cannot do."""

    code: ClassVar[str] = "registry-error"
    exit_code: ClassVar[int] = 3

    @property
    def fields(self) -> dict[str, FieldValue]:
        """Return the fields by name, ready for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __str__(self) -> str:
        given = ", ".join(f"{name} {value}" for name, value in self.fields.items())
        return f"{self.code.replace('-', ' ')}: {given}" if given else self.code.replace("-", " ")


@dataclass(kw_only=True, eq=False)
class ConfigError(RegistryError):
    """What was set up cannot be used."""

    code: ClassVar[str] = "config"


@dataclass(kw_only=True, eq=False)
class InvalidInputError(RegistryError):
    """What was given cannot be used."""

    code: ClassVar[str] = "invalid-input"


@dataclass(kw_only=True, eq=False)
class IntegrityError(RegistryError):
    """What was found contradicts what was recorded."""

    code: ClassVar[str] = "integrity"
    exit_code: ClassVar[int] = 5


@dataclass(kw_only=True, eq=False)
class ChainError(RegistryError):
    """The node or the network is in trouble."""

    code: ClassVar[str] = "chain"
    exit_code: ClassVar[int] = 4


@dataclass(kw_only=True, eq=False)
class ContractRevert(RegistryError):
    """The chain refused."""

    code: ClassVar[str] = "contract-revert"
    exit_code: ClassVar[int] = 1


# Content: files, folders, manifests, metadata


@dataclass(kw_only=True, eq=False)
class ContentMissing(InvalidInputError):
    """Nothing stands at the path given."""

    code: ClassVar[str] = "content-missing"
    path: str


@dataclass(kw_only=True, eq=False)
class FolderEmpty(InvalidInputError):
    """The folder holds no file, so there is nothing to register."""

    code: ClassVar[str] = "folder-empty"
    path: str


@dataclass(kw_only=True, eq=False)
class PathsRefused(InvalidInputError):
    """Names in the content that two machines could not agree on.

    `offences` has the first of them as `path: reason`, `count` says how many there are. The reasons
    are `symlink`, `special-file`, `not-utf-8`, `same-name` and `path-too-long`.
    """

    code: ClassVar[str] = "paths-refused"
    offences: list[str]
    count: int


@dataclass(kw_only=True, eq=False)
class FileUnreadable(InvalidInputError):
    """The system does not let a file or folder be read; `reason` is its own word for it."""

    code: ClassVar[str] = "file-unreadable"
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class FileChanged(InvalidInputError):
    """A file or folder changed while it was being read.

    `change` is one of `replaced`, `grew`, `shrank`, `rewritten`, `vanished`.
    """

    code: ClassVar[str] = "file-changed"
    path: str
    change: str


@dataclass(kw_only=True, eq=False)
class IgnoreMalformed(InvalidInputError):
    """A line of the ignore file cannot be understood."""

    code: ClassVar[str] = "ignore-malformed"
    line: int
    pattern: str
    reason: str


@dataclass(kw_only=True, eq=False)
class DigestUnknown(InvalidInputError):
    """A further digest was asked for that is not on offer here."""

    code: ClassVar[str] = "digest-unknown"
    digest: str
    allowed: list[str]


@dataclass(kw_only=True, eq=False)
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


@dataclass(kw_only=True, eq=False)
class ManifestMalformed(InvalidInputError):
    """A manifest is not the canonical form; `line` counts from 1."""

    code: ClassVar[str] = "manifest-malformed"
    line: int
    reason: str


@dataclass(kw_only=True, eq=False)
class ManifestInsideContent(InvalidInputError):
    """The manifest would be written into the folder that it describes."""

    code: ClassVar[str] = "manifest-inside-content"
    path: str


@dataclass(kw_only=True, eq=False)
class SliceOutOfRange(InvalidInputError):
    """A slice was asked for that the file does not have."""

    code: ClassVar[str] = "slice-out-of-range"
    offset: int
    length: int
    size: int


@dataclass(kw_only=True, eq=False)
class SliceProofInvalid(IntegrityError):
    """A slice and its proof do not lead to the content root."""

    code: ClassVar[str] = "slice-proof-invalid"
    reason: str

# The journal, and what is sent through it


@dataclass(kw_only=True, eq=False)
class JournalUnusable(ConfigError):
    """The journal of transactions cannot be opened or written; `reason` is the system's word for it."""

    code: ClassVar[str] = "journal-unusable"
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class JournalBusy(ConfigError):
    """Another process held the journal for longer than `seconds`."""

    code: ClassVar[str] = "journal-busy"
    path: str
    seconds: int


@dataclass(kw_only=True, eq=False)
class JournalTooNew(ConfigError):
    """A later version wrote the journal; this one knows schemas up to `known`."""

    code: ClassVar[str] = "journal-too-new"
    path: str
    found: int
    known: int


@dataclass(kw_only=True, eq=False)
class JournalCorrupt(IntegrityError):
    """The journal is damaged or is no journal; it is left as it is."""

    code: ClassVar[str] = "journal-corrupt"
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class JournalConflict(IntegrityError):
    """The journal holds something that contradicts what was to be written."""

    code: ClassVar[str] = "journal-conflict"
    transaction: str
    reason: str


@dataclass(kw_only=True, eq=False)
class AccountBusy(ChainError):
    """Another process kept sending with the same key for longer than `seconds`."""

    code: ClassVar[str] = "account-busy"
    address: str
    seconds: int


# Keys


@dataclass(kw_only=True, eq=False)
class AccountUnknown(ConfigError):
    """No keystore holds the key of this address."""

    code: ClassVar[str] = "account-unknown"
    address: str
    directory: str


@dataclass(kw_only=True, eq=False)
class AccountExists(InvalidInputError):
    """A keystore for this address is there already."""

    code: ClassVar[str] = "account-exists"
    address: str
    path: str


@dataclass(kw_only=True, eq=False)
class KeystoreMalformed(ConfigError):
    """A file is not a version 3 keystore that can be read."""

    code: ClassVar[str] = "keystore-malformed"
    path: str
    reason: str


@dataclass(kw_only=True, eq=False)
class KeystoreExposed(ConfigError):
    """Others may read a keystore or list its directory; `mode` is its permissions in octal."""

    code: ClassVar[str] = "keystore-exposed"
    path: str
    mode: str


@dataclass(kw_only=True, eq=False)
class KeyMalformed(InvalidInputError):
    """What was given is no private key and no mnemonic.

    `problem` is one of `not-hex`, `wrong-length`, `out-of-range`, `mnemonic-invalid`; the key itself is never
    part of an error.
    """

    code: ClassVar[str] = "key-malformed"
    problem: str


@dataclass(kw_only=True, eq=False)
class PasswordWrong(InvalidInputError):
    """The password does not open the keystore of this address."""

    code: ClassVar[str] = "password-wrong"
    address: str
