"""Keep under `DENGJI_HOME` what the chain holds only digests of: manifests, papers, texts."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from registry.domain.ids import Address
from registry.domain.ledger import Deployment
from registry.domain.nesting import read_shallow
from registry.errors import AddressMistyped, SettingsUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from registry.domain.ids import ProductId

_SALT_BYTES: Final = 16


class Archive:
    """Keep files in one home, private to its owner; each is written whole or not at all."""

    def __init__(self, home: Path) -> None:
        """Name the home; folders are made when something is first kept."""
        self.home = home

    def manifest_path(self, content_root: bytes) -> Path:
        """Return where the manifest of this content is or would be kept."""
        return self.home / "manifests" / f"{content_root.hex()}.jsonl"

    def manifests(self) -> Iterator[Path]:
        """Yield the manifests that are kept."""
        yield from sorted((self.home / "manifests").glob("*.jsonl"))

    @property
    def checkpoints(self) -> Path:
        """Return the folder for what interrupted fingerprints had read."""
        return self.home / "fingerprints"

    def keep_salted(self, kind: str, content: bytes) -> bytes:
        """Return the salted digest of a secret or guessable content, and keep what opens it.

        The digest is SHA-256(salt ‖ content), 32 bytes; salt and content go to
        `<kind>/<digest>.json`.
        """
        # Imported here for start-up time: few commands keep anything.
        import secrets  # noqa: PLC0415
        from hashlib import sha256  # noqa: PLC0415

        salt = secrets.token_bytes(_SALT_BYTES)
        digest = sha256(salt + content).digest()
        opening = {"salt": salt.hex(), "content": content.hex()}
        self._write(self.home / kind / f"{digest.hex()}.json", opening)
        return digest

    def certificates(self, product: ProductId) -> Iterator[bytes]:
        """Yield the certificates of a product that are kept, each as canonical JSON."""
        for path in sorted((self.home / "certificates" / str(product)).glob("*.json")):
            yield path.read_bytes()

    def keep_certificate(self, product: ProductId, digest: bytes, canonical: bytes) -> None:
        """Keep a certificate, before anything is sent."""
        folder = self.home / "certificates" / str(product)
        write_private(folder / f"{digest.hex()}.json", canonical)

    def kept(self, kind: str, digest: bytes) -> tuple[bytes, bytes] | None:
        """Return salt and content that open a salted digest, None where they are not kept here."""
        try:
            known = read_shallow((self.home / kind / f"{digest.hex()}.json").read_bytes())
            return bytes.fromhex(known["salt"]), bytes.fromhex(known["content"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def kept_digests(self, kind: str, content: bytes) -> Iterator[bytes]:
        """Yield the salted digests of this content that are kept, in the order of their digits."""
        for path in sorted((self.home / kind).glob("*.json")):
            with contextlib.suppress(ValueError):
                digest = bytes.fromhex(path.stem)
                opening = self.kept(kind, digest)
                if opening is not None and opening[1] == content:
                    yield digest

    def directory_of(self, chain_id: int, genesis: bytes) -> Address | None:
        """Return the directory contract that was remembered for a chain, None for none.

        `genesis` is the hash of the chain's block 0, which tells chains of one id apart.
        """
        known = self._deployments().get(_chain_key(chain_id, genesis))
        return None if known is None else Address.parse(known)

    def remember_directory(self, chain_id: int, genesis: bytes, directory: Address) -> None:
        """Remember where the contracts of a chain are."""
        known = {**self._deployments(), _chain_key(chain_id, genesis): str(directory)}
        self._write(self.home / "deployments.json", known)

    def verified(
        self, chain_id: int, genesis: bytes, stamp: str, earlier: Address | None = None
    ) -> Deployment | None:
        """Return the deployment of a chain whose contracts were compared with our builds before.

        `stamp` names the builds: with other ones they must be compared again. `earlier` is the
        directory of one that the chain's own succeeds.
        """
        path = self._verified_path(chain_id, genesis, earlier)
        try:
            known = read_shallow(path.read_bytes())
            return _deployment(known) if known.pop("stamp", None) == stamp else None
        except (OSError, ValueError, TypeError, AttributeError, AddressMistyped):
            # Whatever cannot be relied on is compared again.
            return None

    def remember_verified(
        self,
        chain_id: int,
        genesis: bytes,
        stamp: str,
        deployment: Deployment,
        *,
        earlier: bool = False,
    ) -> None:
        """Remember that a deployment's contracts were compared with our builds."""
        own = deployment.directory if earlier else None
        path = self._verified_path(chain_id, genesis, own)
        known: dict[str, object] = {"stamp": stamp}
        for one in fields(deployment):
            value = getattr(deployment, one.name)
            known[one.name] = str(value) if isinstance(value, Address) else value
        # What cannot be remembered is compared again.
        with contextlib.suppress(OSError):
            write_private(path, json.dumps(known, indent=1).encode() + b"\n")

    def _verified_path(self, chain_id: int, genesis: bytes, earlier: Address | None) -> Path:
        name = _chain_key(chain_id, genesis).replace(":", "-")
        return self.home / "verified" / (name if earlier is None else f"{name}-{earlier}")

    def _deployments(self) -> dict[str, str]:
        """Return the directories by chain; raises `SettingsUnreadable` for a damaged file."""
        path = self.home / "deployments.json"
        try:
            known = read_shallow(path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise SettingsUnreadable(file=str(path), reason="not-json") from error
        except OSError as error:
            raise SettingsUnreadable(file=str(path), reason=error.strerror or str(error)) from error
        if not isinstance(known, dict):
            raise SettingsUnreadable(file=str(path), reason="not-json-object")
        if not all(isinstance(one, str) for one in known.values()):
            raise SettingsUnreadable(file=str(path), reason="malformed")
        return known

    def _write(self, path: Path, value: Mapping[str, str]) -> None:
        write_private(path, json.dumps(value, indent=1).encode() + b"\n")


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; it appears whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    partial.replace(path)


def _deployment(known: dict[str, Any]) -> Deployment:
    """Return the deployment that is told; raises ValueError, TypeError, `AddressMistyped`."""
    named: dict[str, Any] = {}
    for one in fields(Deployment):
        value = known.get(one.name)
        if "Address" in str(one.type):
            named[one.name] = Address.parse(str(value)) if value else None
        elif one.name in known and type(value) is not int:
            raise TypeError(one.name)
    made = Deployment(**{**known, **named})
    if None in (made.directory, made.parties, made.products, made.grants):
        raise TypeError("a deployment without a contract")
    return made


def _chain_key(chain_id: int, genesis: bytes) -> str:
    return f"{chain_id}:0x{genesis.hex()}"
