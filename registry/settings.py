"""Gather what a run is told: flags, then environment, `dengji.toml` and defaults."""

from __future__ import annotations

import os
import sys
from dataclasses import field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from registry.errors import (
    NetworkRedefined,
    NetworkUnknown,
    SettingInvalid,
    SettingPersonal,
    SettingsUnreadable,
    SettingUnknown,
)
from registry.records import dataclass
from registry.redaction import HIDDEN, concealed_endpoint
from registry.regular_files import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

DEV: Final = "dev"
"""The one network that starts by itself."""

CUSTOM: Final = "custom"
"""The name of a network given by its URL alone."""

FILE_NAME: Final = "dengji.toml"
_PLATFORM: Final[str] = sys.platform

KEYS: Final = (
    "home",
    "network",
    "rpc",
    "chain_id",
    "directory",
    "account",
    "party",
    "lang",
    "confirmations",
    "max_block_age",
    "password_file",
)
"""Every setting, in the order they are shown."""

_IN_FILE: Final = frozenset(KEYS) - {"home", "rpc", "chain_id", "directory", "max_block_age"}
_IN_NETWORK: Final = frozenset({"rpc", "chain_id", "directory", "confirmations", "max_block_age"})
# Whoever made a folder does not choose as whom, and with which password, its reader signs.
_PERSONAL: Final = ("account", "password_file")
_NUMBERS: Final = {
    "chain_id": (1, 2**64 - 1),
    "confirmations": (1, 10_000),
    "max_block_age": (1, 31_536_000),
}
_DIGITS: Final = 20
_DEFAULTS: Final = {"network": DEV, "confirmations": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hold the settings of a run, each with the place it came from.

    `rpc` is None on the network `dev` unless it was given: the dev chain knows its own endpoint.
    `max_block_age` is how old the newest block of the node may be, in seconds, None for any age.
    `lang` is None when only the locale decides. `origins` maps each key of `KEYS` to a flag, a
    variable, a file or "default". `folder_file` is the nearest `dengji.toml` in the working folder
    or above it, None where there is none or it is one's own.
    """

    home: Path
    network: str = DEV
    rpc: str | None = None
    chain_id: int | None = None
    directory: str | None = None
    account: str | None = None
    party: str | None = None
    lang: str | None = None
    confirmations: int = 1
    max_block_age: int | None = None
    password_file: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    folder_file: Path | None = None

    @property
    def local(self) -> bool:
        """Tell whether the run uses the dev chain of this home."""
        return self.network == DEV and self.rpc is None

    @property
    def from_folder(self) -> tuple[str, ...]:
        """Return the keys whose values come from the working folder's file."""
        if self.folder_file is None:
            return ()
        origins = (str(self.folder_file), f"{self.folder_file} [networks.{self.network}]")
        return tuple(key for key in KEYS if self.origins.get(key) in origins)

    @classmethod
    def load(
        cls,
        flags: Mapping[str, str | None] | None = None,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> Settings:
        """Read all sources and return the settings that win.

        `flags` are the command line's, by key; an absent or None one was not given. `environ`
        defaults to the process's, `cwd` to the current folder. The nearest `dengji.toml` there or
        above comes first, then one's own: in the home and, unless the home is named, in the user's
        configuration folder. The former may come with data from anyone: it may choose and add
        networks, but neither change one's own nor choose the account or the password.

        Raises `SettingInvalid`, `SettingPersonal`, `SettingUnknown`, `NetworkRedefined`,
        `NetworkUnknown`, `SettingsUnreadable`.
        """
        env = os.environ if environ is None else environ
        given = _Sources(flags or {}, env)
        home, home_origin = _home(given)
        places = [home] if home_origin != "default" else [home, _configuration(env)]
        own = [file for place in places if (file := _read(place / FILE_NAME))]
        here = _nearest(cwd or Path.cwd(), places)
        if here is not None:
            _require_harmless(here, own, home / FILE_NAME)
        found = _pick(given, own if here is None else [here, *own])
        values = {key: _typed(key, value, origin) for key, (value, origin) in found.items()}
        origins = {key: found[key][1] if key in found else "default" for key in KEYS}
        origins["home"] = home_origin
        return cls(
            home=home,
            origins=MappingProxyType(origins),
            folder_file=None if here is None else here.path,
            **values,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, slots=True)
class _Sources:
    """Look a key up among the flags and the environment."""

    flags: Mapping[str, str | None]
    environ: Mapping[str, str]

    def find(self, key: str) -> tuple[str, str] | None:
        flag = self.flags.get(key)
        if flag is not None:
            return flag, "--" + ("as" if key == "party" else key.replace("_", "-"))
        variable = "DENGJI_" + key.upper()
        if value := self.environ.get(variable):
            return value, variable
        return None


@dataclass(frozen=True, slots=True)
class _File:
    """One `dengji.toml`, checked for unknown keys."""

    path: Path
    plain: Mapping[str, object]
    networks: Mapping[str, Mapping[str, object]]


def _home(given: _Sources) -> tuple[Path, str]:
    found = given.find("home")
    if found is not None:
        return _expanded("home", *found).absolute(), found[1]
    if _PLATFORM == "linux":
        # What platformdirs says there, without the time that importing it takes.
        data = given.environ.get("XDG_DATA_HOME", "").strip() or Path.home() / ".local" / "share"
        return Path(data, "dengji"), "default"
    from platformdirs import user_data_dir  # noqa: PLC0415 (start-up: elsewhere only)

    return Path(user_data_dir("dengji")), "default"


def _configuration(environ: Mapping[str, str]) -> Path:
    """Return the user's configuration folder."""
    if _PLATFORM == "linux":
        base = environ.get("XDG_CONFIG_HOME", "").strip() or Path.home() / ".config"
        return Path(base, "dengji")
    from platformdirs import user_config_dir  # noqa: PLC0415 (start-up: elsewhere only)

    return Path(user_config_dir("dengji"))


def _nearest(folder: Path, places: list[Path]) -> _File | None:
    """Return the nearest file in a folder or above it, None where that is one's own."""
    own = {place.resolve() for place in places}
    for place in (folder, *folder.absolute().parents):
        # A folder above that may not be entered says nothing.
        found = _read(place / FILE_NAME) if os.access(place, os.X_OK) else None
        if found is not None:
            return None if place.resolve() in own else found
    return None


def _read(path: Path) -> _File | None:
    try:
        # The file may come from anyone: it is neither waited for nor held whatever its size.
        with opened(path) as file:
            # Imported here for start-up time: most runs have no such file.
            from registry import toml_text  # noqa: PLC0415

            text = file.read(toml_text.MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsUnreadable(file=str(path), reason=error.strerror or str(error)) from error
    try:
        parsed = toml_text.parse(text)
    except toml_text.TomlRefused as error:
        raise SettingsUnreadable(file=str(path), reason=error.reason) from error
    return _checked(path, parsed)


def _checked(path: Path, parsed: dict[str, object]) -> _File:
    networks = parsed.pop("networks", {})
    for key in parsed:
        if key not in _IN_FILE:
            raise SettingUnknown(key=key, file=str(path))
    if not isinstance(networks, dict):
        raise SettingInvalid(key="networks", given=HIDDEN, origin=str(path))
    for name, table in networks.items():
        if not isinstance(table, dict):
            raise SettingInvalid(key=f"networks.{name}", given=HIDDEN, origin=str(path))
        for key in table:
            if key not in _IN_NETWORK:
                raise SettingUnknown(key=f"networks.{name}.{key}", file=str(path))
    return _File(path, parsed, networks)


def _require_harmless(here: _File, own: list[_File], home_file: Path) -> None:
    """Refuse a folder's file that sets what is personal, or changes a network of one's own.

    The dev chain is known at every home.
    """
    for key in _PERSONAL:
        if key in here.plain:
            raise SettingPersonal(key=key, file=str(here.path), home_file=str(home_file))
    known: dict[str, tuple[Mapping[str, object], Path]] = {DEV: ({}, home_file)}
    for file in reversed(own):
        known.update({name: (table, file.path) for name, table in file.networks.items()})
    for name, table in here.networks.items():
        if name in known and table != known[name][0]:
            theirs = str(known[name][1])
            raise NetworkRedefined(network=name, file=str(here.path), home_file=theirs)


def _pick(given: _Sources, files: list[_File]) -> dict[str, tuple[str, str]]:
    """Return for each key that is set anywhere its text and its origin."""
    found = {key: hit for key in KEYS if key != "home" and (hit := given.find(key))}
    for file in files:
        for key, value in file.plain.items():
            found.setdefault(key, (str(value), str(file.path)))
    if "network" not in found and "rpc" in found:
        found["network"] = (CUSTOM, found["rpc"][1])
    for key, value in _DEFAULTS.items():
        if key != "confirmations":
            found.setdefault(key, (value, "default"))
    _add_network(found, files)
    return found


def _add_network(found: dict[str, tuple[str, str]], files: list[_File]) -> None:
    """Add what the chosen network's tables say; their confirmations beat those of any file."""
    network = found["network"][0]
    tables = [(file, file.networks[network]) for file in files if network in file.networks]
    plain = {str(file.path) for file in files}
    for file, table in tables:
        for key, value in table.items():
            beaten = key == "confirmations" and found.get(key, ("", ""))[1] in plain
            if key not in found or beaten:
                found[key] = (str(value), f"{file.path} [networks.{network}]")
    if not tables and network != DEV and "rpc" not in found:
        known = {DEV, *(name for file in files for name in file.networks)}
        raise NetworkUnknown(network=network, known=sorted(known))


def _typed(key: str, value: str, origin: str) -> object:
    if key in _NUMBERS:
        return _number(key, value, origin)
    if key == "lang" and value not in ("en", "zh"):
        raise SettingInvalid(key=key, given=value, origin=origin)
    if key == "rpc" and not value.startswith(("http://", "https://", "/")):
        raise SettingInvalid(key=key, given=concealed_endpoint(value), origin=origin)
    if key == "password_file":
        return _expanded(key, value, origin)
    return value


def _expanded(key: str, value: str, origin: str) -> Path:
    """Return a path whose ~ is filled in; refuse one that no file can have."""
    try:
        path = Path(value).expanduser()
    except RuntimeError as error:
        # Nobody here is called so.
        raise SettingInvalid(key=key, given=value, origin=origin) from error
    if "\0" in value:
        raise SettingInvalid(key=key, given=value, origin=origin)
    return path


def _number(key: str, value: str, origin: str) -> int:
    low, high = _NUMBERS[key]
    # Looked at before it is read: the reader's own error would repeat what was given.
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else -1
    if not low <= number <= high:
        raise SettingInvalid(key=key, given=value, origin=origin)
    return number
