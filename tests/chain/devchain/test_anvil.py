"""Tests of finding anvil and of choosing its port."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from registry.chain.devchain import anvil, record
from registry.errors import AnvilMissing


def program(path: Path) -> Path:
    """Lay an executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def launcher(root: Path) -> Path:
    """Lay what npm lays: the launcher with its link, and the program beside it; return that."""
    shim = program(root / "node_modules/@foundry-rs/anvil/bin.mjs")
    link = root / "node_modules/.bin/anvil"
    link.parent.mkdir()
    link.symlink_to(shim)
    return program(root / f"node_modules/@foundry-rs/anvil-{anvil._platform()}/bin/anvil")


def test_the_variable_comes_first(tmp_path: Path) -> None:
    """DENGJI_ANVIL wins over the PATH."""
    named = program(tmp_path / "mine/anvil")
    program(tmp_path / "path/anvil")
    environ = {"DENGJI_ANVIL": str(named), "PATH": str(tmp_path / "path")}
    assert anvil.find(environ, tmp_path) == named


def test_a_variable_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    """A wrong DENGJI_ANVIL is not silently passed over for another anvil."""
    program(tmp_path / "path/anvil")
    environ = {"DENGJI_ANVIL": str(tmp_path / "none"), "PATH": str(tmp_path / "path")}
    with pytest.raises(AnvilMissing) as caught:
        anvil.find(environ, tmp_path)
    assert caught.value.looked == [f"DENGJI_ANVIL={tmp_path / 'none'}"]
    assert caught.value.exit_code == 3


def test_the_path_comes_before_node_modules(tmp_path: Path) -> None:
    """An anvil on the PATH wins over one in node_modules."""
    found = program(tmp_path / "path/anvil")
    launcher(tmp_path)
    assert anvil.find({"PATH": str(tmp_path / "path")}, tmp_path) == found


def test_node_modules_are_sought_upwards(tmp_path: Path) -> None:
    """From a folder deep in a project the project's node_modules are found."""
    native = launcher(tmp_path)
    deep = tmp_path / "a/b"
    deep.mkdir(parents=True)
    assert anvil.find({"PATH": ""}, deep) == native


@pytest.mark.parametrize("variable", ["PATH", "DENGJI_ANVIL"])
def test_npms_launcher_is_passed_over(tmp_path: Path, variable: str) -> None:
    """The program itself is started, not the script whose child it would be."""
    native = launcher(tmp_path)
    link = tmp_path / "node_modules/.bin"
    environ = {"PATH": str(link)} if variable == "PATH" else {variable: str(link / "anvil")}
    assert anvil.find(environ, tmp_path / "elsewhere") == native


def test_where_there_is_none_an_error_says_where_it_was_sought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any anvil the error names the places."""
    monkeypatch.setattr(anvil, "__file__", str(tmp_path / "site/anvil.py"))
    with pytest.raises(AnvilMissing) as caught:
        anvil.find({"PATH": ""}, tmp_path)
    assert caught.value.looked == ["DENGJI_ANVIL", "PATH", "node_modules"]
    assert "npm install @foundry-rs/anvil" not in str(caught.value)


def test_a_taken_port_is_seen() -> None:
    """A port with a listener is not free, and is free again afterwards."""
    with socket.socket() as listener:
        listener.bind((record.HOST, 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert not anvil.is_free(port)
        assert anvil.free_port() != port
    assert anvil.is_free(port)


def test_what_is_no_program_is_passed_over(tmp_path: Path) -> None:
    """A file without the right to be run is no anvil."""
    native = launcher(tmp_path)
    native.chmod(0o644)
    assert anvil._native(native) is None
