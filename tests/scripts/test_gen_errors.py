"""Test the generator of the exceptions for the contracts' errors."""

import subprocess
import sys
from typing import Any

import pytest

from scripts import gen_errors


def error(name: str, *inputs: tuple[str, str, str]) -> dict[str, Any]:
    """Return an artifact with one error, its inputs as name, ABI type and Solidity type."""
    given = [{"name": a, "type": b, "internalType": c} for a, b, c in inputs]
    return {"abi": [{"type": "error", "name": name, "inputs": given}]}


def test_fields_have_the_types_of_the_domain() -> None:
    """Ids, enumerations, masks and addresses get their classes, the rest plain ones."""
    [made] = gen_errors.read(
        [
            error(
                "SomethingWrong",
                ("product", "bytes20", "ProductId"),
                ("class", "uint8", "enum SecurityClass"),
                ("held", "uint16", "uint16"),
                ("environment", "uint8", "uint8"),
                ("theCaller", "address", "address"),
                ("root", "bytes32", "bytes32"),
                ("endsAt", "uint40", "uint40"),
                ("selector", "bytes4", "bytes4"),
                ("isOpen", "bool", "bool"),
                ("said", "string", "string"),
            )
        ]
    )
    assert made.code == "something-wrong"
    assert made.signature == (
        "SomethingWrong(bytes20,uint8,uint16,uint8,address,bytes32,uint40,bytes4,bool,string)"
    )
    assert [(field.name, field.kind) for field in made.fields] == [
        ("product", "ProductId"),
        ("security_class", "SecurityClass"),
        ("held", "Role"),
        ("environment", "Environment"),
        ("the_caller", "Address"),
        ("root", "bytes"),
        ("ends_at", "int"),
        ("function", "bytes"),
        ("is_open", "bool"),
        ("said", "str"),
    ]


def test_an_error_of_two_contracts_is_one_class() -> None:
    """An error that several contracts can raise is written once."""
    artifact = error("KeyUnknown", ("key", "address", "address"))
    assert len(gen_errors.read([artifact, artifact])) == 1


def test_two_errors_of_one_name_are_refused() -> None:
    """One name cannot stand for two different errors."""
    other = error("KeyUnknown", ("key", "bytes32", "bytes32"))
    with pytest.raises(SystemExit, match="two errors are named KeyUnknown"):
        gen_errors.read([error("KeyUnknown", ("key", "address", "address")), other])


def test_what_the_sources_say_becomes_the_docstring() -> None:
    """The notice of an error in the interface is what its class says."""
    said = gen_errors.notices()
    assert said["KeyUnknown"] == "The key belongs to no party."
    assert "class KeyUnknown" in gen_errors.python(
        gen_errors.read([error("KeyUnknown", ("key", "address", "address"))])
    )


def test_the_module_is_fresh() -> None:
    """What is committed is what the generator makes of the artifacts."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.gen_errors", "--check"],
        check=False,
        capture_output=True,
        text=True,
        cwd=gen_errors.ROOT,
    )
    assert (done.returncode, done.stdout) == (0, "")
