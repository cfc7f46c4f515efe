"""Say what can be wrong with settings, accounts in use, and what a person types."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ConfigError, InvalidInputError


class SettingUnknown(ConfigError):
    """A settings file has a key that means nothing."""

    code: ClassVar[str] = "setting-unknown"
    key: str
    file: str


class SettingInvalid(ConfigError):
    """A setting has a value that it cannot have; `origin` is where it was given."""

    code: ClassVar[str] = "setting-invalid"
    key: str
    given: str
    origin: str


class SettingsUnreadable(ConfigError):
    """A settings file cannot be read or understood; `reason` is the reader's word for it."""

    code: ClassVar[str] = "settings-unreadable"
    file: str
    reason: str


class SettingPersonal(ConfigError):
    """The working folder's file sets what only a person's own file, flag or variable may set."""

    code: ClassVar[str] = "setting-personal"
    key: str
    file: str
    home_file: str


class NetworkRedefined(ConfigError):
    """The working folder's file describes a network that is described otherwise at home."""

    code: ClassVar[str] = "network-redefined"
    network: str
    file: str
    home_file: str


class NetworkUnknown(ConfigError):
    """No settings file describes the network; `known` names those that are described."""

    code: ClassVar[str] = "network-unknown"
    network: str
    known: list[str]


class EndpointMissing(ConfigError):
    """The network is described without the URL of a node."""

    code: ClassVar[str] = "endpoint-missing"
    network: str


class NotDeployed(ConfigError):
    """It is not known where the contracts of the network are."""

    code: ClassVar[str] = "not-deployed"
    network: str
    chain_id: int


class AccountNeeded(ConfigError):
    """A write needs an account, and none was chosen; `known` lists those at home."""

    code: ClassVar[str] = "account-needed"
    known: list[str]


class AccountAmbiguous(InvalidInputError):
    """What was given begins the addresses of several accounts, or of none; `matches` lists them."""

    code: ClassVar[str] = "account-ambiguous"
    given: str
    matches: list[str]


class PartyNeeded(ConfigError):
    """The question is about one's own party, and the account in use belongs to none."""

    code: ClassVar[str] = "party-needed"
    account: str


class PartyMismatch(ConfigError):
    """The account in use speaks for the party `actual`, not for the one named."""

    code: ClassVar[str] = "party-mismatch"
    account: str
    party: str
    actual: str


class PasswordNeeded(ConfigError):
    """A password is needed and nobody can be asked for it."""

    code: ClassVar[str] = "password-needed"
    address: str


class PasswordFileUnusable(ConfigError):
    """The file that should hold the password cannot be read, or its first line is empty."""

    code: ClassVar[str] = "password-file-unusable"
    file: str
    reason: str


class SecretNeeded(ConfigError):
    """A key or mnemonic is typed at a prompt alone, and nobody can be asked."""

    code: ClassVar[str] = "secret-needed"


class TerminalNeeded(ConfigError):
    """An option asks a person field by field, and nobody can be asked; `option` is its name."""

    code: ClassVar[str] = "terminal-needed"
    option: str


class ConsentNeeded(ConfigError):
    """A step needs a person's yes and nobody can be asked; `step` names it."""

    code: ClassVar[str] = "consent-needed"
    step: str


class TimeMalformed(InvalidInputError):
    """What was given is no time: neither ISO 8601, nor a duration, nor a block number."""

    code: ClassVar[str] = "time-malformed"
    given: str


class TimeOutOfRange(InvalidInputError):
    """A time lies before 1970 or after the year 2106, where the contracts' clock ends."""

    code: ClassVar[str] = "time-out-of-range"
    given: str


class TimeInFuture(InvalidInputError):
    """A question is about a time that the chain has not reached; both in seconds since 1970."""

    code: ClassVar[str] = "time-in-future"
    given: int
    now: int


class TimeBeforeChain(InvalidInputError):
    """A question is about a time before the chain's first block; both in seconds since 1970."""

    code: ClassVar[str] = "time-before-chain"
    given: int
    begins: int


class BlockOutOfRange(InvalidInputError):
    """What was given is no block number: none is below 0, or has more than 63 bits."""

    code: ClassVar[str] = "block-out-of-range"
    given: str


class QuotaMalformed(InvalidInputError):
    """What was given is no amount with a unit; `units` lists the units."""

    code: ClassVar[str] = "quota-malformed"
    given: str
    units: list[str]


class DigestMalformed(InvalidInputError):
    """What was given is no digest of 32 bytes in hexadecimal digits."""

    code: ClassVar[str] = "digest-malformed"
    given: str


class CursorUnknown(InvalidInputError):
    """The list has no such item to go on after."""

    code: ClassVar[str] = "cursor-unknown"
    after: str


class DevChainOnly(ConfigError):
    """The step exists on the dev chain alone."""

    code: ClassVar[str] = "dev-chain-only"
    network: str
    step: str
