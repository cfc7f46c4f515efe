"""Name the readers of files at home, which another process, a crash or a thief may have changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from assurance.inputs import samples
from assurance.inputs.node import DEPLOYMENT
from assurance.inputs.trial import Target
from registry.accounts import password_in
from registry.applications import Applications
from registry.archive import Archive
from registry.chain import keyfile
from registry.chain.devchain import record
from registry.chain.external import ExternalSigner, Line
from registry.chain.journal import Chain, Entry, Inclusion, Journal
from registry.chain.keystore import Keystore
from registry.chain.wallets import Wallets
from registry.domain import checkpoint_frames as frames
from registry.domain.chunks import FileHash
from registry.domain.ids import Address, GrantId
from registry.domain.salted import erased_versions, erasure
from registry.domain.signing import Ending
from registry.domain.stamps import Stamp
from registry.receipts import FILE_NAME, Receipts
from registry.replays import Mark, Replays
from registry.salts import Salts
from registry.secret import Secret
from registry.settings import Settings

_CHAIN: Final = Chain(chain_id=7, genesis=b"\1" * 32)
_GENESIS: Final = b"\1" * 32

# ---- settings ------------------------------------------------------------------------------------

_SETTINGS: Final = (
    b'network = "city"\nlang = "zh"\nparty = "party1qqqqqqqqqqqqwul5723"\nconfirmations = 3\n'
    b'[networks.city]\nrpc = "https://node.example.org:8545/key"\nchain_id = 7\n'
    b'directory = "0x0101010101010101010101010101010101010101"\nconfirmations = 6\n'
)
_OWN: Final = b'account = "0x01"\npassword_file = "~/password"\n[networks.a.b]\n'


def _folders() -> tuple[Path, Path]:
    home, here = samples.workplace() / "home", samples.workplace() / "here"
    home.mkdir(exist_ok=True)
    here.mkdir(exist_ok=True)
    return home, here


def _settings(place: str, given: bytes) -> Settings:
    home, here = _folders()
    for folder in (home, here):
        (folder / "dengji.toml").unlink(missing_ok=True)
    (samples.workplace() / place / "dengji.toml").write_bytes(given)
    return Settings.load({}, {"DENGJI_HOME": str(home)}, here)


def _password(given: bytes) -> bytes:
    return bytes(password_in(samples.placed(given, "password")).view)


# ---- keys ----------------------------------------------------------------------------------------

_QUICK: Final = keyfile.Cost(n=2)


def _keystores() -> Sequence[bytes]:
    given, password = Secret.of(b"\7" * 32), Secret.of("password")
    made = keyfile.encrypt(given, samples.SIGNER.address.raw, password, _QUICK)
    return [json.dumps(made).encode()]


def _key(given: bytes) -> Address:
    folder = samples.workplace() / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    named = samples.SIGNER.address.raw.hex()
    path = folder / f"UTC--2026-01-01T00-00-00.000000000Z--{named}"
    path.write_bytes(given)
    path.chmod(0o600)
    return Keystore(folder).unlock(samples.SIGNER.address, "password").address


class _Told(Line):
    """Be a way to a signer that answers with given bytes, its number filled in."""

    answer: bytes = b""

    def _exchanged(self, payload: bytes) -> bytes:
        asked = json.loads(payload)["id"].encode()
        return self.answer.replace(b"@id@", asked)


def _line(given: bytes) -> Line:
    kind = type("_Answering", (_Told,), {"answer": given, "__slots__": ()})
    made: Line = kind(path=Path("/signer"), owner=0)
    return made


def _accounts(given: bytes) -> object:
    return _line(given).accounts()


def _outside(given: bytes) -> bytes:
    signer = ExternalSigner(address=samples.SIGNER.address, line=_line(given))
    return signer.sign_message(_ENDING, samples.DOMAIN)


_ENDING: Final = Ending(grant=GrantId.of(7), ends_at=0, deadline=samples.TIME)
_ANSWER: Final = b'{"id":"@id@","result":%s,"signer":1}'


def _signed() -> Sequence[bytes]:
    signature = samples.SIGNER.sign_digest(_ENDING.digest(samples.DOMAIN))
    return [_ANSWER % json.dumps({"signature": "0x" + signature.hex()}).encode()]


def _listed() -> Sequence[bytes]:
    said = {"accounts": [str(samples.SIGNER.address)]}
    return [_ANSWER % json.dumps(said).encode()]


def _wallet(given: bytes) -> object:
    address = samples.SIGNER.address
    kept = Wallets(samples.workplace() / "wallets")
    path = kept.path_of(address)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(given)
    path.chmod(0o600)
    return kept.addresses(), kept.line(address)


def _wallets() -> Sequence[bytes]:
    said = {
        "version": 1,
        "address": str(samples.SIGNER.address),
        "socket": "/run/signer",
        "owner": 0,
        "timeout": 60,
    }
    return [json.dumps(said).encode()]


# ---- databases -----------------------------------------------------------------------------------


def _without_waiting(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@cache
def _journals() -> Sequence[bytes]:
    path = samples.workplace() / "made.sqlite3"
    with closing(Journal(path)) as journal:
        journal.record(
            [
                Entry(
                    hash=bytes([number]) * 32,
                    chain=_CHAIN,
                    account=samples.SIGNER.address.raw,
                    nonce=number,
                    raw=b"\2" * 100,
                    purpose="register",
                    intent=f"intent {number}",
                    created=samples.TIME,
                )
                for number in range(4)
            ]
        )
        journal.mark_sent([b"\1" * 32, b"\2" * 32], at=samples.TIME)
        landed = Inclusion(
            block=5, block_hash=b"\3" * 32, index=0, time=samples.TIME, gas_used=9, succeeded=True
        )
        journal.settle({b"\1" * 32: landed})
    return [path.read_bytes()]


def _journal(given: bytes) -> object:
    path = samples.placed(given, "given.sqlite3")
    _without_waiting(path)
    account = samples.SIGNER.address.raw
    with closing(Journal(path)) as journal:
        found = [journal.get(bytes([number]) * 32) for number in range(4)]
        unfinished = journal.unfinished(_CHAIN, account)
        late = journal.latest_included(_CHAIN, account, 5)
        after = list(journal.landed_after(_CHAIN, 0))
        rivals = journal.rivals(_CHAIN, account, 1)
        journal.mark_sent([b"\3" * 32], at=1)
        return found, unfinished, late, after, rivals


@cache
def _receipt_files() -> Sequence[bytes]:
    folder = samples.workplace() / "receipts"
    folder.mkdir(exist_ok=True)
    from registry.domain.usage import SignedReceipt  # noqa: PLC0415 (one use)

    with closing(Receipts(folder / FILE_NAME)) as kept:
        signed = SignedReceipt.parse(samples.receipts()[0].decode())
        kept.keep(signed, added=2**60)
        kept.keep_refusal(31337, signed.receipt.grant, samples.TIME, "{}")
    return [(folder / FILE_NAME).read_bytes()]


def _receipts(given: bytes) -> object:
    from registry.domain.usage import SignedReceipt  # noqa: PLC0415 (one use)

    path = samples.placed(given, "given-receipts.sqlite3")
    _without_waiting(path)
    signed = SignedReceipt.parse(samples.receipts()[0].decode())
    meter, grant = signed.meter, signed.receipt.grant
    with closing(Receipts(path)) as kept:
        found = (
            *(kept.newest(31337, meter, grant), kept.all(31337, meter)),
            *(kept.offered(31337, meter, grant), list(kept.refusals(31337))),
        )
        kept.settled(31337, meter, grant, 1)
        return found


@cache
def _replay_files() -> Sequence[bytes]:
    path = samples.workplace() / "replay.sqlite3"
    with closing(Replays(path, "stamp")) as kept:
        kept.put("Directory", b"\1" * 32, b"\2" * 32, "owner", b"")
        kept.keep(b"key", b"value")
        kept.set_mark("history", Mark(block=5, block_hash=b"\3" * 32, events=7))
    return [path.read_bytes()]


def _replay(given: bytes) -> object:
    path = samples.placed(given, "given-replay.sqlite3")
    _without_waiting(path)
    with closing(Replays(path, "stamp")) as kept:
        found = (kept.word("Directory", b"\1" * 32), kept.note(b"key"), kept.mark("history"))
        return found, list(kept.words()), list(kept.findings())


# ---- small files ---------------------------------------------------------------------------------


def _deployments(given: bytes) -> object:
    home, _ = _folders()
    (home / "deployments.json").write_bytes(given)
    return Archive(home).directory_of(7, _GENESIS)


def _verified_seed() -> Sequence[bytes]:
    home, _ = _folders()
    Archive(home).remember_verified(7, _GENESIS, "stamp", DEPLOYMENT)
    (path,) = (home / "verified").iterdir()
    return [path.read_bytes()]


def _verified(given: bytes) -> object:
    home, _ = _folders()
    (path,) = (home / "verified").iterdir()
    path.write_bytes(given)
    found = Archive(home).verified(7, _GENESIS, "stamp")
    if found is not None:
        for one in fields(found):
            value = getattr(found, one.name)
            if "Address" in str(one.type) and not isinstance(value, Address | None):
                raise AssertionError(f"{one.name} is no address")
    return found


def _kept(given: bytes) -> object:
    home, _ = _folders()
    folder = home / "texts"
    folder.mkdir(exist_ok=True)
    (folder / f"{b'd'.hex()}.json").write_bytes(given)
    return Archive(home).kept("texts", b"d"), list(Archive(home).kept_digests("texts", b"x"))


def _draft(given: bytes) -> object:
    home, _ = _folders()
    kept = Applications(home)
    path = kept.draft_path("data", "OPEN")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(given)
    return kept.draft("data", "OPEN")


_DRAFT: Final = (
    b'{"format":"dengji-form/1","answers":[[["dataName"],"a"],[["applicants",0,"name"],"b"]]}'
)


def _secret(given: bytes) -> object:
    home, _ = _folders()
    folder = Applications(home).folder
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "secret").write_bytes(given)
    return Applications(home).secret()


def _erasures() -> Sequence[bytes]:
    from tests import recorded  # noqa: PLC0415 (one use)

    versions = [recorded.version(1), recorded.version(2)]
    return [erasure(recorded.OWN, recorded.HOLDER, versions, chain_id=7, time=samples.TIME)]


def _erased(given: bytes) -> object:
    return erased_versions(given)


def _salt_folder(given: bytes) -> object:
    home, _ = _folders()
    kept = Salts(home)
    path = kept.path(b"\1" * 32)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(given)
    return list(kept.of_content(b"\1" * 32))


def _dev_chain(given: bytes) -> object:
    path = samples.placed(given, "chain.json")
    return record.load(path)


def _dev_chains() -> Sequence[bytes]:
    path = samples.workplace() / "made-chain.json"
    made = {
        "chain_id": 31337,
        "genesis": "11" * 32,
        "genesis_time": samples.TIME,
        "options": ["--order", "fifo"],
        "anvil": "anvil 1",
        "port": 8545,
    }
    record.save(path, record.Record(**{**_BLANK_RECORD, **made}))
    said = json.loads(path.read_bytes())
    said["folder"] = None
    return [json.dumps(said).encode()]


_BLANK_RECORD: Final[dict[str, Any]] = {}


# ---- checkpoints ---------------------------------------------------------------------------------


def _runs() -> Sequence[bytes]:
    stamp = Stamp(*range(1, len(Stamp._fields) + 1))
    hashed = FileHash(stamp.size, b"\1" * 32)
    known = [(b"a", stamp, hashed), (b"b/c", stamp, hashed)]
    files = frames.opening(()) + frames.of_files(known)
    chunks = frames.of_chunks(b"d", stamp, 0, [b"\2" * 32] * 3)
    return [files + chunks, frames.opening(()) + chunks]


def _run(given: bytes) -> object:
    path = samples.placed(given, "000000.run")
    begun: dict[bytes, int] = {}
    reader = frames.Reader(path, ())
    with closing(reader):
        total = reader.total(begun)
    again = frames.Reader(path, ())
    with closing(again):
        found = [again.find(name) for name in (b"a", b"b/c", b"d")]
        stamp = Stamp(*range(1, len(Stamp._fields) + 1))
        chunks = [
            list(again.chunks(one.chunks_at, b"d", stamp))
            for one in found
            if one.chunks_at is not None
        ]
    third = frames.Reader(path, ())
    with closing(third):
        columns = list(zip(*[frames.words(stamp)] * 2, strict=True))
        together = third.find_together([b"a", b"b/c"], columns)
    return total, found, chunks, together


def _checked_frames(given: bytes) -> object:
    """Read a run whose frames have right checksums: whoever may write at home makes such."""
    from blake3 import blake3  # noqa: PLC0415 (one use)

    head = frames._HEAD  # noqa: SLF001 (the form of a frame)
    made = frames.opening(())
    length = len(given)
    made += head.pack(length, length ^ 0xFFFFFFFF, blake3(given).digest(16)) + given
    return _run(made)


def _frame_bodies() -> Sequence[bytes]:
    size = frames._HEAD.size  # noqa: SLF001 (the form of a frame)
    stamp = Stamp(*range(1, len(Stamp._fields) + 1))
    hashed = FileHash(stamp.size, b"\1" * 32)
    files = frames.of_files([(b"a", stamp, hashed), (b"b/c", stamp, hashed)])
    return [files[size:], frames.of_chunks(b"d", stamp, 0, [b"\2" * 32] * 3)[size:]]


def targets() -> Iterable[Target]:
    """Yield the readers of files at home."""
    yield Target(
        name="settings of the folder",
        read=partial(_settings, "here"),
        shape="toml",
        seeds=lambda: [_SETTINGS],
    )
    yield Target(
        name="settings at home",
        read=partial(_settings, "home"),
        shape="toml",
        seeds=lambda: [_SETTINGS, _OWN.replace(b"[networks.a.b]\n", b"")],
    )
    yield Target(
        name="password file", read=_password, seeds=lambda: [b"word\nmore\n"], shape="text"
    )
    yield Target(name="keystore", read=_key, seeds=_keystores, sealed=True)
    yield Target(name="journal", piece=2_000, read=_journal, seeds=_journals, shape="binary")
    yield Target(
        name="receipts kept", piece=2_000, read=_receipts, seeds=_receipt_files, shape="binary"
    )
    yield Target(name="audit kept", piece=2_000, read=_replay, seeds=_replay_files, shape="binary")
    yield Target(
        name="deployments known",
        read=_deployments,
        seeds=lambda: [json.dumps({f"7:0x{_GENESIS.hex()}": "0x" + "01" * 20}).encode()],
    )
    yield Target(name="deployments verified", read=_verified, seeds=_verified_seed)
    yield Target(
        name="texts kept",
        read=_kept,
        seeds=lambda: [b'{"salt":"' + b"ab" * 16 + b'","content":"00ff"}'],
    )
    yield Target(name="draft of a form", read=_draft, seeds=lambda: [_DRAFT])
    yield Target(name="secret of a home", read=_secret, seeds=lambda: [b"ab" * 32], shape="text")
    yield Target(name="record of an erasure", read=_erased, seeds=_erasures)
    yield Target(name="salts kept", read=_salt_folder, seeds=samples.salts)
    yield Target(name="record of the dev chain", read=_dev_chain, seeds=_dev_chains)
    yield Target(name="checkpoint", read=_run, seeds=_runs, shape="binary")
    yield Target(
        name="checkpoint (right checksums)",
        read=_checked_frames,
        seeds=_frame_bodies,
        shape="binary",
    )
    yield Target(name="external signer: accounts", read=_accounts, seeds=_listed)
    yield Target(name="external signer: signatures", read=_outside, seeds=_signed, sealed=True)
    yield Target(name="accounts that sign elsewhere", read=_wallet, seeds=_wallets)
