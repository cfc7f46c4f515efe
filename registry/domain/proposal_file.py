"""Write a proposal to its file and read it back, believing no digest that the file states."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from registry.domain import clauses_json, documents
from registry.domain.ancestry import MAX_ANCESTORS, Path
from registry.domain.documents import Node
from registry.domain.proposal import (
    MAX_GRANTS,
    FullText,
    Kind,
    Offer,
    Over,
    Proposal,
    Signature,
    agreement_of,
    message_of,
    needed_of,
    texts_of,
)
from registry.domain.terms import SigningDomain
from registry.domain.times import show_time
from registry.domain.vocabulary import Form
from registry.errors import ProposalTampered

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from registry.domain.ids import GrantId, PartyId

FORMAT: Final = "dengji-proposal/1"
MAX_HISTORY: Final = 64
MAX_SIGNATURE: Final = 4_096
"""A contract wallet's signature may be longer than a key's 65 bytes."""

_HASH: Final = 32
_SALT: Final = 16
_MOST_CHAIN: Final = 2**53 - 1
_NAME: Final = 200

# Writing


def dump(proposal: Proposal) -> bytes:
    """Return the file: one canonical JSON document and a line feed."""
    domain = proposal.domain
    return documents.canonical(
        {
            "format": FORMAT,
            "kind": proposal.kind.value,
            "domain": {"chain_id": domain.chain_id, "grants": str(domain.verifying_contract)},
            "path": None if proposal.path is None else _path_json(proposal.path),
            "texts": [_text_json(one) for one in proposal.texts],
            "offer": _offer_json(proposal, proposal.offer),
            "history": [_offer_json(proposal, one) for one in proposal.history],
        }
    )


def _offer_json(proposal: Proposal, offer: Offer) -> dict[str, Any]:
    domain, parent = proposal.domain, proposal.parent
    digest = message_of(proposal.kind, offer, parent).digest(domain)
    return {
        "by": str(offer.by),
        "time": show_time(offer.time),
        "answers": None if offer.answers is None else "0x" + offer.answers.hex(),
        "digest": "0x" + digest.hex(),
        "grants": [
            {"id": str(one.digest(domain, parent)), "clauses": clauses_json.to_json(one)}
            for one in offer.clauses
        ],
        "signatures": [_signature_json(one) for one in offer.signatures],
    }


def _path_json(path: Path) -> dict[str, Any]:
    return {
        "clauses": clauses_json.to_json(path.clauses),
        "above": ["0x" + one.hex() for one in path.above],
    }


def _text_json(text: FullText) -> dict[str, Any]:
    return {"digest": "0x" + text.digest.hex(), "salt": "0x" + text.salt.hex(), "name": text.name}


def _signature_json(one: Signature) -> dict[str, Any]:
    return {
        "party": str(one.party),
        "signer": str(one.signer),
        "signature": "0x" + one.signature.hex(),
        "time": show_time(one.time),
        "over": one.over.value,
    }


# Reading


def load(raw: bytes) -> Proposal:
    """Read the file; raises `ProposalMalformed`, `ProposalTampered`, `ClauseRefused`."""
    root = documents.parse(raw)
    given = root.object(("format", "kind", "domain", "path", "texts", "offer", "history"))
    if given["format"].text() != FORMAT:
        raise given["format"].refused("proposal-format")
    kind = _kind(given["kind"])
    path = given["path"].maybe(_read_path)
    if (path is None) == (kind is Kind.SUB_GRANT):
        raise given["path"].refused("proposal-path")
    domain = _read_domain(given["domain"])
    parent = None if path is None else path.parent(domain)
    reader = _OfferReader(domain, kind, path, parent)
    history = tuple(reader.read(one) for one in given["history"].list(MAX_HISTORY))
    proposal = Proposal(
        domain=domain,
        kind=kind,
        path=path,
        offer=reader.read(given["offer"]),
        history=history,
        texts=tuple(_read_text(one) for one in given["texts"].list(MAX_GRANTS * MAX_HISTORY)),
    )
    reader.require_order(proposal, given)
    _require_texts(proposal, given["texts"])
    return proposal


def _kind(node: Node) -> Kind:
    try:
        return Kind(node.text())
    except ValueError as error:
        raise node.refused("proposal-word") from error


def _read_domain(node: Node) -> SigningDomain:
    given = node.object(("chain_id", "grants"))
    return SigningDomain(
        chain_id=given["chain_id"].integer(_MOST_CHAIN),
        verifying_contract=given["grants"].address(),
    )


def _read_path(node: Node) -> Path:
    given = node.object(("clauses", "above"))
    above = tuple(one.bytes(_HASH) for one in given["above"].list(MAX_ANCESTORS))
    return Path(clauses=clauses_json.from_json(given["clauses"]), above=above)


def _read_text(node: Node) -> FullText:
    given = node.object(("digest", "salt", "name"))
    return FullText(
        digest=given["digest"].bytes(_HASH),
        salt=given["salt"].bytes(_SALT),
        name=given["name"].text(_NAME),
    )


class _OfferReader:
    """Read the offers of one proposal."""

    def __init__(
        self, domain: SigningDomain, kind: Kind, path: Path | None, parent: GrantId | None
    ) -> None:
        self._domain = domain
        self._kind = kind
        self._path = path
        self._parent = parent

    def read(self, node: Node) -> Offer:
        """Read one offer, and hold its digests against what it says."""
        given = node.object(("by", "time", "answers", "digest", "grants", "signatures"))
        least, most = (2, MAX_GRANTS) if self._kind is Kind.JOINT else (1, 1)
        clauses = tuple(self._grant(one) for one in given["grants"].list(most, least))
        offer = Offer(
            clauses=clauses,
            by=given["by"].party(),
            time=given["time"].time(),
            answers=given["answers"].maybe(lambda one: one.bytes(_HASH)),
        )
        if offer.by not in {side for one in clauses for side in (one.grantor, one.grantee)}:
            raise given["by"].refused("proposal-uninvolved")
        self._require_form(offer, given["grants"])
        digest = message_of(self._kind, offer, self._parent).digest(self._domain)
        _require_same(given["digest"], "0x" + digest.hex())
        needed = needed_of(self._kind, offer, self._path)
        signatures = tuple(
            _read_signature(one, needed) for one in given["signatures"].list(len(needed))
        )
        if len({(one.party, one.over) for one in signatures}) != len(signatures):
            raise given["signatures"].refused("proposal-twice")
        return replace(offer, signatures=signatures)

    def require_order(self, proposal: Proposal, given: dict[str, Node]) -> None:
        """Refuse a history in which an offer does not answer the one before it."""
        before: bytes | None = None
        for offer in (*proposal.history, proposal.offer):
            if offer.answers != before:
                raise ProposalTampered(
                    where=f"{given['history'].where}",
                    stated=_said(offer.answers),
                    computed=_said(before),
                )
            before = message_of(self._kind, offer, self._parent).digest(self._domain)

    def _grant(self, node: Node) -> Clauses:
        given = node.object(("id", "clauses"))
        clauses = clauses_json.from_json(given["clauses"])
        _require_same(given["id"], str(clauses.digest(self._domain, self._parent)))
        return clauses

    def _require_form(self, offer: Offer, node: Node) -> None:
        """Refuse terms that are agreed in another way than the proposal says."""
        forms = {
            Kind.TWO_SIDED: (Form.TWO_SIDED,),
            Kind.JOINT: (Form.JOINT,),
            Kind.SUB_GRANT: (Form.ONE_SIDED, Form.TWO_SIDED),
        }[self._kind]
        if any(one.form not in forms for one in offer.clauses):
            raise node.refused("proposal-form")
        if self._path is not None and offer.clauses[0].grantor != self._path.clauses.grantee:
            raise node.refused("proposal-grantor")
        if self._kind is not Kind.JOINT:
            return
        common = agreement_of(offer.clauses)
        for place, one in enumerate(offer.clauses):
            if one.agreement != common:
                where = f"{node.where}/{place}/clauses/agreement"
                raise ProposalTampered(
                    where=where, stated=_said(one.agreement), computed=_said(common)
                )
        if len({one.offer_until for one in offer.clauses}) != 1:
            raise node.refused("proposal-offer-until")


def _read_signature(node: Node, needed: tuple[tuple[PartyId, Over], ...]) -> Signature:
    given = node.object(("party", "signer", "signature", "time", "over"))
    try:
        over = Over(given["over"].text())
    except ValueError as error:
        raise given["over"].refused("proposal-word") from error
    party = given["party"].party()
    if (party, over) not in needed:
        raise given["party"].refused("proposal-uninvolved")
    return Signature(
        party=party,
        signer=given["signer"].address(),
        signature=given["signature"].bytes(1, MAX_SIGNATURE),
        time=given["time"].time(),
        over=over,
    )


def _require_same(node: Node, computed: str) -> None:
    stated = node.text()
    if stated != computed:
        raise ProposalTampered(where=node.where, stated=stated, computed=computed)


def _require_texts(proposal: Proposal, node: Node) -> None:
    """Refuse what opens a text that no terms name: nobody could tell what it belongs to."""
    known = texts_of((*proposal.history, proposal.offer))
    for one, inner in zip(proposal.texts, node.list(len(proposal.texts)), strict=True):
        if one.digest not in known:
            raise inner.refused("proposal-text")


def _said(raw: bytes | None) -> str:
    return "null" if raw is None else "0x" + raw.hex()
