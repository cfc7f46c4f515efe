"""Test where settings come from and which of them win."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from registry.errors import (
    NetworkRedefined,
    NetworkUnknown,
    RegistryError,
    SettingInvalid,
    SettingPersonal,
    SettingsUnreadable,
    SettingUnknown,
)
from registry.settings import Settings

Loader = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    """Return what loads settings from flags, variables and two files."""

    def loader(
        flags: dict[str, str] | None = None,
        environ: dict[str, str] | None = None,
        here: str | None = None,
        at_home: str | None = None,
    ) -> Settings:
        home = tmp_path / "home"
        folder = tmp_path / "here"
        home.mkdir(exist_ok=True)
        folder.mkdir(exist_ok=True)
        for text, place in ((here, folder), (at_home, home)):
            if text is not None:
                (place / "dengji.toml").write_text(text)
        return Settings.load(flags or {}, {"DENGJI_HOME": str(home), **(environ or {})}, folder)

    return loader


def test_defaults(load: Loader) -> None:
    """Without anything said, it is the local dev chain."""
    settings = load()
    assert (settings.network, settings.rpc, settings.local) == ("dev", None, True)
    assert settings.confirmations == 1
    assert settings.origins["network"] == "default"


def test_flag_beats_variable_beats_file(load: Loader) -> None:
    """The nearer a source, the more it counts."""
    here, at_home = 'party = "here"', 'party = "home"\nlang = "zh"'
    environ = {"DENGJI_PARTY": "env"}
    assert load({"party": "flag"}, environ, here, at_home).party == "flag"
    assert load({}, environ, here, at_home).party == "env"
    assert load({}, {}, here, at_home).party == "here"
    found = load({}, {}, "", at_home)
    assert (found.party, found.lang) == ("home", "zh")
    assert found.origins["party"].endswith("home/dengji.toml")


@pytest.mark.parametrize("key", ["account", "password_file"])
def test_a_folder_does_not_choose_who_signs(load: Loader, key: str) -> None:
    """The account and its password are a person's own: their file, a flag or a variable says."""
    with pytest.raises(SettingPersonal) as caught:
        load({key: "flag"}, here=f'{key} = "x"')
    assert caught.value.file.endswith("here/dengji.toml")
    assert caught.value.home_file.endswith("home/dengji.toml")
    assert caught.value.key == key
    assert load(here="", at_home=f'{key} = "x"').origins[key].endswith("home/dengji.toml")


CITY = '[networks.city]\nrpc = "http://city:8545"\nchain_id = 7\nconfirmations = 6\n'


def test_a_folder_does_not_change_a_network_of_the_home(load: Loader) -> None:
    """What the home calls a network, the same name means in every folder."""
    other = CITY.replace("city:8545", "elsewhere:8545")
    with pytest.raises(NetworkRedefined) as caught:
        load({"network": "city"}, here=other, at_home=CITY)
    assert caught.value.network == "city"
    assert caught.value.file.endswith("here/dengji.toml")
    assert caught.value.home_file.endswith("home/dengji.toml")
    with pytest.raises(NetworkRedefined):
        load(here=CITY.replace("chain_id = 7\n", ""), at_home=CITY)
    assert load({"network": "city"}, here=CITY, at_home=CITY).rpc == "http://city:8545"
    with pytest.raises(NetworkRedefined):
        load(here='[networks.dev]\nrpc = "http://elsewhere:8545"')


def test_a_folder_does_not_lower_the_confirmations_of_a_network(load: Loader) -> None:
    """The confirmations of a network's table beat those of any file in general."""
    settings = load(here='network = "city"\nconfirmations = 1', at_home=CITY)
    assert (settings.network, settings.confirmations) == ("city", 6)


def test_what_a_folder_decides_is_known(load: Loader) -> None:
    """The keys whose values come from the folder's file are told apart from the home's."""
    settings = load(here='network = "city"\n' + CITY, at_home='lang = "zh"')
    assert settings.from_folder == ("network", "rpc", "chain_id", "confirmations")
    assert load(here=CITY).from_folder == ()
    assert load({"network": "city"}, here=CITY).from_folder[0] == "rpc"
    assert load(here="", at_home=CITY + "[networks.x]\n").from_folder == ()


def test_the_home_is_no_foreign_folder(tmp_path: Path) -> None:
    """In the home itself, by whatever path, its file is the home's."""
    (tmp_path / "home").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "home")
    (tmp_path / "home" / "dengji.toml").write_text('account = "0xhome"')
    environ = {"DENGJI_HOME": str(tmp_path / "home")}
    settings = Settings.load({}, environ, tmp_path / "link")
    assert (settings.account, settings.from_folder) == ("0xhome", ())


def test_the_nearest_file_above_counts(tmp_path: Path) -> None:
    """A file in a folder above is found, and one nearer comes before it."""
    deep = tmp_path / "project" / "data" / "2026"
    deep.mkdir(parents=True)
    (tmp_path / "project" / "dengji.toml").write_text('lang = "zh"')
    environ = {"DENGJI_HOME": str(tmp_path / "home")}
    above = Settings.load({}, environ, deep)
    assert (above.lang, above.from_folder) == ("zh", ("lang",))
    assert above.origins["lang"] == str(tmp_path / "project" / "dengji.toml")
    (deep.parent / "dengji.toml").write_text('lang = "en"')
    assert Settings.load({}, environ, deep).lang == "en"


def test_the_users_configuration_comes_last(tmp_path: Path) -> None:
    """Where no home is named, the configuration folder's file is one's own, after the home's."""
    places = {name: tmp_path / name for name in ("data", "config", "here")}
    for place in places.values():
        (place / "dengji").mkdir(parents=True)
    environ = {
        "XDG_DATA_HOME": str(places["data"]),
        "XDG_CONFIG_HOME": str(places["config"]),
    }
    (places["config"] / "dengji" / "dengji.toml").write_text(
        'account = "0xa"\nlang = "zh"\n' + CITY
    )
    settings = Settings.load({"network": "city"}, environ, places["here"])
    assert (settings.account, settings.lang, settings.confirmations) == ("0xa", "zh", 6)
    (places["data"] / "dengji" / "dengji.toml").write_text('lang = "en"')
    assert Settings.load({}, environ, places["here"]).lang == "en"
    (places["here"] / "dengji.toml").write_text('[networks.city]\nrpc = "http://evil:1"\n')
    with pytest.raises(NetworkRedefined) as caught:
        Settings.load({}, environ, places["here"])
    assert caught.value.fields["home_file"] == str(places["config"] / "dengji" / "dengji.toml")
    named = {**environ, "DENGJI_HOME": str(tmp_path / "home")}
    assert Settings.load({}, named, tmp_path).account is None


def test_network_table(load: Loader) -> None:
    """A network's table gives its node, chain, directory and confirmations; flags beat it."""
    file = (
        'network = "city"\nconfirmations = 2\n[networks.city]\nrpc = "http://node:8545"\n'
        'chain_id = 77\ndirectory = "0x01"\nconfirmations = 6\n'
    )
    settings = load(here=file)
    assert (settings.network, settings.rpc, settings.chain_id) == ("city", "http://node:8545", 77)
    assert (settings.directory, settings.confirmations, settings.local) == ("0x01", 6, False)
    assert settings.origins["rpc"].endswith("[networks.city]")
    assert load({"confirmations": "3"}, here=file).confirmations == 3


def test_how_old_the_newest_block_may_be(load: Loader) -> None:
    """A network's table says it, a variable or a flag before it; else it may be of any age."""
    assert load(here=CITY).max_block_age is None
    table = 'network = "city"\n' + CITY + "max_block_age = 300\n"
    settings = load(here=table)
    assert settings.max_block_age == 300
    assert settings.origins["max_block_age"].endswith("[networks.city]")
    assert load({}, {"DENGJI_MAX_BLOCK_AGE": "60"}, table).max_block_age == 60
    assert load({"max_block_age": "31536000"}, here=table).max_block_age == 31_536_000


def test_a_url_alone_is_a_custom_network(load: Loader) -> None:
    """A URL without a network does not turn the dev chain into it."""
    settings = load({"rpc": "http://127.0.0.1:8545"})
    assert (settings.network, settings.local) == ("custom", False)


@pytest.mark.parametrize(
    ("flags", "file", "error"),
    [
        ({"network": "mars"}, "", NetworkUnknown),
        ({}, "colour = 1", SettingUnknown),
        ({}, "[networks.city]\ncolour = 1", SettingUnknown),
        ({}, "networks = 1", SettingInvalid),
        ({}, "rpc = 'http://x'", SettingUnknown),
        ({}, "not toml", SettingsUnreadable),
        ({"confirmations": "0"}, "", SettingInvalid),
        ({"confirmations": "x"}, "", SettingInvalid),
        ({"max_block_age": "0"}, "", SettingInvalid),
        ({"max_block_age": "5m"}, "", SettingInvalid),
        ({"max_block_age": "31536001"}, "", SettingInvalid),
        ({}, "max_block_age = 60", SettingUnknown),
        ({"lang": "fr"}, "", SettingInvalid),
        ({"rpc": "ftp://x"}, "", SettingInvalid),
        ({"rpc": "ipc:/run/node.ipc"}, "", SettingInvalid),
    ],
)
def test_refusals(
    load: Loader, flags: dict[str, str], file: str, error: type[RegistryError]
) -> None:
    """What means nothing is refused, never passed over."""
    with pytest.raises(error):
        load(flags, here=file)


def test_what_an_editor_puts_around_the_lines_is_no_setting(tmp_path: Path) -> None:
    """A byte order mark and line ends of Windows are passed over; a second mark is no TOML."""
    file = tmp_path / "dengji.toml"
    environ = {"DENGJI_HOME": str(tmp_path / "home")}
    file.write_bytes(b'\xef\xbb\xbflang = "zh"\r\nconfirmations = 3\r\n')
    found = Settings.load({}, environ, tmp_path)
    assert (found.lang, found.confirmations) == ("zh", 3)
    file.write_bytes(b'\xef\xbb\xbf\xef\xbb\xbflang = "zh"\r\n')
    with pytest.raises(SettingsUnreadable):
        Settings.load({}, environ, tmp_path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder in the file's place, and bytes that are no text, are told with their path."""
    file = tmp_path / "dengji.toml"
    file.mkdir()
    environ = {"DENGJI_HOME": str(tmp_path / "home")}
    with pytest.raises(SettingsUnreadable, match="Is a directory") as caught:
        Settings.load({}, environ, tmp_path)
    assert caught.value.file == str(file)
    file.rmdir()
    file.write_bytes(b"lang = '\xff'")
    with pytest.raises(SettingsUnreadable) as caught:
        Settings.load({}, environ, tmp_path)
    assert (caught.value.file, caught.value.reason) == (str(file), "not-utf-8")


def test_elsewhere_than_on_linux_the_system_says_where_a_home_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On other systems home and configuration lie where their users expect them."""
    monkeypatch.setattr("registry.settings._PLATFORM", "darwin")
    file = Path(platformdirs.user_config_dir("dengji")) / "dengji.toml"
    monkeypatch.setattr("platformdirs.user_config_dir", lambda name: str(tmp_path / name))
    (tmp_path / "dengji").mkdir()
    (tmp_path / "dengji" / file.name).write_text('lang = "zh"')
    settings = Settings.load({}, {}, tmp_path / "dengji")
    assert settings.home == Path(platformdirs.user_data_dir("dengji"))
    assert settings.lang == "zh"


def test_known_networks_are_named(load: Loader) -> None:
    """An unknown network is answered with those that are described."""
    with pytest.raises(NetworkUnknown) as caught:
        load({"network": "mars"}, here='[networks.city]\nrpc = "http://x"')
    assert caught.value.known == ["city", "dev"]


def test_a_folders_file_is_not_waited_for(load: Loader, tmp_path: Path) -> None:
    """A pipe, a device or a file of any size in the working folder holds nobody up."""
    with pytest.raises(SettingsUnreadable):
        load(here="lang = " + "[" * 10_000)
    found = next(tmp_path.rglob("dengji.toml"))
    found.unlink()
    os.mkfifo(found)
    with pytest.raises(SettingsUnreadable) as caught:
        load()
    assert caught.value.reason == "not-regular"
    found.unlink()
    found.symlink_to("/dev/zero")
    with pytest.raises(SettingsUnreadable):
        load()
    found.unlink()
    with found.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SettingsUnreadable) as caught:
        load()
    assert caught.value.reason.startswith("too-many-bytes")


@pytest.mark.parametrize("path", ["~nobody-is-called-so/x", "a\0b"])
def test_a_path_that_no_file_has_is_refused(load: Loader, path: str) -> None:
    """A home that nobody here has, and a zero byte in a name, are wrong settings."""
    with pytest.raises(SettingInvalid):
        load({"password_file": path})
