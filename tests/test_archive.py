"""Test what is kept at home, and that it is kept from others."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from registry.archive import Archive, write_private
from registry.domain.ids import Address
from registry.domain.ledger import Deployment

GENESIS, OTHER = bytes(range(32)), bytes(range(1, 33))
DEPLOYMENT = Deployment(
    chain_id=7,
    directory=Address(b"d" * 20),
    parties=Address(b"p" * 20),
    products=Address(b"q" * 20),
    grants=Address(b"g" * 20),
    interface_version=1,
    block=3,
)


def test_salted_digests_open_with_what_is_kept(tmp_path: Path) -> None:
    """Equal contents get different digests, each of which is opened by its own file."""
    archive = Archive(tmp_path)
    digests = {archive.keep_salted("texts", b"guessable") for _ in range(2)}
    assert len(digests) == 2
    for digest in digests:
        kept = tmp_path / "texts" / f"{digest.hex()}.json"
        opening = json.loads(kept.read_bytes())
        assert bytes.fromhex(opening["content"]) == b"guessable"
        assert sha256(bytes.fromhex(opening["salt"]) + b"guessable").digest() == digest
        assert kept.stat().st_mode & 0o777 == 0o600


def test_directories_are_told_apart_by_chain_and_genesis(tmp_path: Path) -> None:
    """A chain begun anew with the same id has no directory yet."""
    archive = Archive(tmp_path)
    archive.remember_directory(7, GENESIS, DEPLOYMENT.directory)
    archive.remember_directory(8, GENESIS, DEPLOYMENT.grants)
    assert archive.directory_of(7, GENESIS) == DEPLOYMENT.directory
    assert archive.directory_of(8, GENESIS) == DEPLOYMENT.grants
    assert archive.directory_of(7, OTHER) is None


def test_verified_deployments_count_for_the_same_builds(tmp_path: Path) -> None:
    """What was compared with other builds must be compared again; a damaged note is none."""
    archive = Archive(tmp_path)
    archive.remember_verified(7, GENESIS, "builds", DEPLOYMENT)
    assert archive.verified(7, GENESIS, "builds") == DEPLOYMENT
    assert archive.verified(7, GENESIS, "other builds") is None
    assert archive.verified(7, OTHER, "builds") is None
    (note,) = (tmp_path / "verified").iterdir()
    note.write_text("{")
    assert archive.verified(7, GENESIS, "builds") is None


def test_every_address_of_a_deployment_is_kept(tmp_path: Path) -> None:
    """Whatever contracts a deployment has, their addresses are read back as addresses."""
    archive = Archive(tmp_path)
    addresses = [one.name for one in fields(Deployment) if "Address" in str(one.type)]
    given: dict[str, Any] = dict.fromkeys(addresses, Address.of(7))
    whole = replace(DEPLOYMENT, **given)
    archive.remember_verified(7, GENESIS, "builds", whole)
    assert archive.verified(7, GENESIS, "builds") == whole


def test_private_files_are_replaced_whole(tmp_path: Path) -> None:
    """Writing again replaces the file at one stroke and leaves nothing beside it."""
    file = tmp_path / "folder" / "file"
    write_private(file, b"one")
    write_private(file, b"two")
    assert file.read_bytes() == b"two"
    assert [one.name for one in file.parent.iterdir()] == ["file"]
    assert file.parent.stat().st_mode & 0o777 == 0o700
