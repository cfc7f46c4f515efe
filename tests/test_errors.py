"""Test what all errors have in common."""

import json
import pickle

import pytest

from registry import errors, reverts
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.party import Standing
from registry.domain.vocabulary import Environment, Right, SecurityClass
from registry.errors import (
    ChainError,
    ConfigError,
    ContractRevert,
    FolderEmpty,
    IntegrityError,
    InvalidInputError,
    Panic,
    PathsRefused,
    PlainRevert,
    UnknownRevert,
    WrongChain,
)


@pytest.mark.parametrize(
    ("kind", "exit_code"),
    [
        (ContractRevert, 1),
        (ConfigError, 3),
        (InvalidInputError, 3),
        (ChainError, 4),
        (IntegrityError, 5),
    ],
)
def test_each_kind_has_its_exit_code(kind: type[errors.RegistryError], exit_code: int) -> None:
    """A refusal exits with 1, bad input or set-up with 3, node trouble with 4, integrity with 5."""
    assert kind.exit_code == exit_code
    assert all(under.exit_code == exit_code for under in kind.__subclasses__())


def test_every_error_is_of_one_kind() -> None:
    """Nothing is raised that is of none of the five kinds."""
    assert set(errors.RegistryError.__subclasses__()) == {
        ChainError,
        ConfigError,
        ContractRevert,
        IntegrityError,
        InvalidInputError,
    }


def test_a_field_is_needed_and_no_other_is_taken() -> None:
    """An error is made with exactly its fields."""
    with pytest.raises(TypeError, match="FolderEmpty needs the field path"):
        FolderEmpty()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="FolderEmpty has no field place"):
        FolderEmpty(path="a", place="b")  # type: ignore[call-arg]


def test_a_field_with_a_default_may_be_left_out() -> None:
    """A field that the class gives a value need not be given."""
    refused = errors.NodeRefused(url="u", method="m", error=3, message="no")
    assert refused.fields["data"] == ""


def test_an_error_survives_pickling() -> None:
    """An error comes back from another process with its fields and its sentence."""
    made = reverts.RightsMissing(
        product=ProductId(bytes(20)), party=PartyId.of(1), held=Right.HOLD, needed=Right.USE
    )
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 (our own bytes)
    assert type(again) is type(made)
    assert (again.fields, str(again)) == (made.fields, str(made))


def test_fields_are_ready_for_json() -> None:
    """Ids are their text, members of the vocabulary their names, bytes 0x-hex, numbers numbers."""
    made = reverts.EnvironmentTooOpen(
        product=ProductId.of(7),
        security_class=SecurityClass.CORE,
        environment=Environment.API | Environment.TRANSFER,
    )
    assert json.loads(json.dumps(made.fields)) == {
        "product": str(ProductId.of(7)),
        "security_class": "CORE",
        "environment": "API|TRANSFER",
    }
    assert UnknownRevert(data=b"\x01").fields == {"data": "0x01"}
    assert PathsRefused(offences=["a: symlink"], count=1).fields["offences"] == ["a: symlink"]
    nothing = reverts.RightsInvalid(rights=Right(0))
    assert nothing.fields == {"rights": "NONE"}


def test_a_revert_is_made_of_abi_values() -> None:
    """Decoded ABI values become the types of the domain."""
    made = reverts.PartyInactive.of(5, 2)
    assert (made.party, made.standing) == (PartyId.of(5), Standing.SUSPENDED)
    grant = reverts.GrantUnknown.of(b"\x01" * 32)
    assert grant.grant == GrantId(b"\x01" * 32)
    with pytest.raises(ValueError, match="9 is not a valid Standing"):
        reverts.PartyInactive.of(5, 9)
    with pytest.raises(ValueError, match="shorter"):
        reverts.PartyInactive.of(5)


def test_what_solidity_itself_raises_is_known() -> None:
    """Panics and plain sentences have their selectors."""
    assert reverts.BY_SELECTOR[bytes.fromhex("4e487b71")] is Panic
    assert reverts.BY_SELECTOR[bytes.fromhex("08c379a0")] is PlainRevert
    assert "17" in str(Panic.of(17))
    assert "why" in str(PlainRevert.of("why"))


def test_an_error_says_its_sentence_and_shows_its_fields() -> None:
    """The text of an error is a sentence; its representation names the fields."""
    made = WrongChain(url="http://node", expected=1, actual=5)
    assert str(made) == "The node at http://node is on chain 5, not on chain 1."
    assert repr(made) == "WrongChain(url='http://node', expected=1, actual=5)"
