"""`dengji product slice`, and what `dengji verify --slice` reads: proofs of a part of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.files import read_bytes, write_text
from cli.grammar import argument, command, option
from cli.output import Answer
from cli.types import FILE, NumberType
from registry.errors import SliceProofInvalid, SliceUnnamed

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.ids import ProductId
    from registry.domain.slices import SliceProof

_COPIED: Final = 1 << 20
_DEEPEST: Final = 8


@command("product.slice")
@argument("path", type=FILE)
@option("--offset", type=NumberType(min=0), default=0, metavar="BYTES")
@option("--length", type=NumberType(min=1), required=True, metavar="BYTES")
@option("--file", metavar="NAME")
@option("--manifest", type=FILE, metavar="FILE")
@option("--out", "target", type=FILE, required=True, metavar="PROOF")
@option("--part", type=FILE, metavar="FILE")
def slice_(
    session: Session,
    path: Path,
    offset: int,
    length: int,
    file: str | None,
    manifest: Path | None,
    target: Path,
    part: Path | None,
) -> Answer:
    """Prove that some bytes of a file belong to it."""
    import json  # noqa: PLC0415 (start-up time)

    from registry.domain.slices import prove_slice  # noqa: PLC0415 (start-up time)

    session.long()
    proof = prove_slice(path, offset, length, file=file, manifest=manifest)
    write_text(target, json.dumps(proof.to_mapping(), indent=1) + "\n")
    if part is not None:
        _copy(path if file is None else path / file, part, proof)
    return Answer(
        headline="cli.product.slice.done",
        value={**shape(proof), "file": str(target), "part": None if part is None else str(part)},
    )


def shape(proof: SliceProof) -> Shape:
    """Shape which part of which file a proof is about."""
    return {
        "path": None if proof.entry is None else proof.entry.path,
        "offset": str(proof.offset),
        "length": str(proof.length),
        "size": str(proof.size),
    }


def proof_in(path: Path) -> SliceProof:
    """Return the proof in a file; raises `SliceProofInvalid`."""
    import json  # noqa: PLC0415 (start-up time)

    from registry.domain.nesting import is_deep  # noqa: PLC0415 (start-up time)
    from registry.domain.slices import SliceProof  # noqa: PLC0415 (start-up time)

    raw = read_bytes(path)
    try:
        mapping = {} if is_deep(raw, _DEEPEST) else json.loads(raw)
    except ValueError as error:
        raise SliceProofInvalid(reason="slice-proof-malformed") from error
    return SliceProof.from_mapping(mapping)


def required(code: ProductId | None) -> ProductId:
    """Return the product whose slice it is said to be; raises `SliceUnnamed` without one."""
    if code is None:
        raise SliceUnnamed
    return code


def _copy(source: Path, target: Path, proof: SliceProof) -> None:
    """Write the bytes that a proof is about into a file of their own."""
    with source.open("rb") as whole, target.open("wb") as part:
        whole.seek(proof.offset)
        left = proof.length
        while left and (block := whole.read(min(left, _COPIED))):
            part.write(block)
            left -= len(block)
