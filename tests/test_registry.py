"""Test what the package exports, and that importing it costs nothing."""

import subprocess
import sys

import pytest

import registry


@pytest.mark.parametrize("name", registry.__all__)
def test_exports_what_it_names(name: str) -> None:
    """Each exported name can be taken from the package, and stands where it says."""
    found = getattr(registry, name)
    assert name in dir(registry)
    if isinstance(found, type):
        assert found.__module__.startswith(registry._HOME[name])


def test_refuses_other_names() -> None:
    """A name that is not exported is no attribute."""
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = registry.Nothing


def loaded_after(statement: str) -> set[str]:
    """Return the modules that a fresh process has loaded after a statement."""
    code = f"{statement}; import sys; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_of_it() -> None:
    """The package alone loads its version and no other module of its own."""
    own = {name for name in loaded_after("import registry") if name.startswith("registry")}
    assert own == {"registry", "registry._version"}


def test_errors_and_values_need_no_heavy_module() -> None:
    """Errors load no dataclasses, and ids, clauses and reverts nothing of Ethereum's libraries."""
    assert "dataclasses" not in loaded_after("import registry.errors")
    heavy = {"web3", "eth_account", "eth_abi", "eth_utils", "click", "rich", "Crypto"}
    assert not heavy & loaded_after("from registry import reverts, Clauses, Check")
