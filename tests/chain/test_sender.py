"""Sending costs nothing before it is asked for; what it does is tested on a real node."""

import subprocess
import sys
from pathlib import Path

import pytest

_SLOW = ("web3", "eth_account", "eth_abi", "eth_utils", "eth_keys", "eth_keyfile", "py_ecc", "rich")
_SIGNING = ("coincurve", "Crypto")


def imported(program: str) -> set[str]:
    """Return the top-level packages that a program has loaded when it ends."""
    shown = f"{program}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True, cwd=root
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["sender", "journal", "signer", "keystore", "transactions"])
def test_importing_loads_no_ethereum_library(module: str) -> None:
    """A command that imports these modules pays for signing only when it signs."""
    loaded = imported(f"import registry.chain.{module}")
    assert not loaded & {*_SLOW, *_SIGNING}


def test_making_a_key_and_signing_load_no_slow_library() -> None:
    """A key is made, kept, unlocked and used without the libraries that take seconds to load."""
    loaded = imported(
        "import tempfile, pathlib\n"
        "from registry.chain.keystore import LIGHT, Keystore\n"
        "with tempfile.TemporaryDirectory() as home:\n"
        "    made = Keystore(pathlib.Path(home) / 'keys').create('x', cost=LIGHT)\n"
        "    Keystore(pathlib.Path(home) / 'keys').unlock(made, 'x').sign_digest(bytes(32))\n"
    )
    assert loaded >= set(_SIGNING)
    assert not loaded & set(_SLOW)
