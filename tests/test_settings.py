"""Test where settings come from and which of them win."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.errors import (
    NetworkUnknown,
    RegistryError,
    SettingInvalid,
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
    here, at_home = 'account = "0xhere"', 'account = "0xhome"\nlang = "zh"'
    environ = {"DENGJI_ACCOUNT": "0xenv"}
    assert load({"account": "0xflag"}, environ, here, at_home).account == "0xflag"
    assert load({}, environ, here, at_home).account == "0xenv"
    assert load({}, {}, here, at_home).account == "0xhere"
    found = load({}, {}, "", at_home)
    assert (found.account, found.lang) == ("0xhome", "zh")
    assert found.origins["account"].endswith("home/dengji.toml")


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


def test_known_networks_are_named(load: Loader) -> None:
    """An unknown network is answered with those that are described."""
    with pytest.raises(NetworkUnknown) as caught:
        load({"network": "mars"}, here='[networks.city]\nrpc = "http://x"')
    assert caught.value.known == ["city", "dev"]
