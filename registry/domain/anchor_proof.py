"""Write the proof of one leaf of an anchor to a file, and read it back: canonical JSON (RFC 8785).

The file is all that a stranger needs beside the chain: whose anchor of which registry it is, the
leaf, its place, and the nodes from it to the root. Reading believes nothing: the nodes must lead
from the leaf to the root, the product must be the one that the leaf makes, and each value has one
spelling. That the root was anchored, when, and of how many leaves, the chain alone tells.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Self

from registry.domain.anchor_leaves import MOST_LEAVES, Leaf, Proven, Site
from registry.domain.documents import Node, canonical
from registry.domain.ids import Address, PartyId
from registry.domain.nesting import is_deep
from registry.errors import AnchorProofRefused, AnchorProofUnreadable, InvalidInputError
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import ProductId

FORMAT: Final = "dengji-anchor-proof/1"
MAX_BYTES: Final = 8_192
MOST_NODES: Final = MOST_LEAVES.bit_length() - 1
FIELDS: Final = (
    *("chain", "format", "index", "leaf", "leaves", "party", "product", "proof", "registry"),
    "root",
)
"""The keys of a file."""
LEAF_FIELDS: Final = ("contentRoot", "metadataHash", "particulars")
MOST_CHAIN: Final = 2**53 - 1
_HASH: Final = 32
_MAX_DEPTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorProof:
    """Hold the proof of one leaf: `leaves` is how many the tree has, `root` its 32 bytes."""

    site: Site
    leaves: int
    root: bytes
    proven: Proven

    @property
    def product(self) -> ProductId:
        """Return the product that the leaf becomes when it is promoted."""
        return self.site.product(self.proven.leaf)

    def dump(self) -> bytes:
        """Return the file: one line of canonical JSON and a line feed."""
        leaf = self.proven.leaf
        return canonical(
            {
                "format": FORMAT,
                "chain": self.site.chain_id,
                "registry": str(self.site.registry),
                "party": str(self.site.party),
                "root": _hex(self.root),
                "leaves": self.leaves,
                "index": self.proven.index,
                "leaf": {
                    "contentRoot": _hex(leaf.content_root),
                    "metadataHash": _hex(leaf.metadata_hash),
                    "particulars": _hex(leaf.particulars.to_bytes(_HASH)),
                },
                "product": str(self.product),
                "proof": [_hex(node) for node in self.proven.proof],
            }
        )

    @classmethod
    def load(cls, raw: bytes) -> Self:
        """Read a file.

        :raises AnchorProofUnreadable: the bytes are not the one form of a proof.
        :raises AnchorProofRefused: the nodes lead elsewhere, or the leaf makes another product.
        """
        value = _value(raw)
        try:
            fields = Node(value).object(FIELDS)
            found, product = cls._read(fields), fields["product"].product()
        except InvalidInputError as error:
            where = str(error.fields.get("where", "/"))
            reason = str(error.fields.get("reason", error.code))
            raise AnchorProofUnreadable(where=where, reason=reason) from error
        if found.proven.root(found.site, found.leaves) != found.root:
            raise AnchorProofRefused(reason="leaf-nodes")
        if found.product != product:
            raise AnchorProofRefused(reason="leaf-product")
        found.require_meaning()
        return found

    @classmethod
    def _read(cls, fields: dict[str, Node]) -> Self:
        leaf = fields["leaf"].object(LEAF_FIELDS)
        return cls(
            site=Site(
                chain_id=fields["chain"].integer(MOST_CHAIN),
                registry=fields["registry"].identifier(Address),
                party=fields["party"].identifier(PartyId),
            ),
            leaves=fields["leaves"].integer(MOST_LEAVES),
            root=fields["root"].bytes(_HASH),
            proven=Proven(
                index=fields["index"].integer(MOST_LEAVES),
                leaf=Leaf(
                    content_root=leaf["contentRoot"].bytes(_HASH),
                    metadata_hash=leaf["metadataHash"].bytes(_HASH),
                    particulars=int.from_bytes(leaf["particulars"].bytes(_HASH)),
                ),
                proof=tuple(one.bytes(_HASH) for one in fields["proof"].list(MOST_NODES)),
            ),
        )

    def require_meaning(self) -> None:
        """Refuse a leaf that says what no registration can say; raises `AnchorProofRefused`."""
        try:
            _ = self.proven.leaf.registration
        except ValueError as error:
            raise AnchorProofRefused(reason="leaf-word") from error


def _value(raw: bytes) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the value of canonical JSON of the known format."""
    if len(raw) > MAX_BYTES:
        raise AnchorProofUnreadable(where="/", reason="proposal-too-long")
    if is_deep(raw, _MAX_DEPTH):
        raise AnchorProofUnreadable(where="/", reason="not-json")
    try:
        value = json.loads(raw)
        same = canonical(value) == raw
    except (ValueError, RecursionError) as error:
        raise AnchorProofUnreadable(where="/", reason="not-json") from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise AnchorProofUnreadable(where="/format", reason="anchor-proof-format")
    if not same:
        raise AnchorProofUnreadable(where="/", reason="proposal-not-canonical")
    return value


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
