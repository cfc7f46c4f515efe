"""`dengji grant propose …`: agreements from their first offer to the chain."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from cli import clause_options, prompts, proposals, shapes
from cli.files import read_bytes
from cli.grammar import argument, command, option
from cli.output import Answer, Raw
from cli.types import ADDRESS, FILE, GRANT, PARTY, PRODUCT, SIGNATURE, WordType
from registry.errors import OptionsUnfit, PartyNeeded

if TYPE_CHECKING:
    from pathlib import Path

    from cli.session import Session
    from cli.shapes import Shape
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.proposal import FullText, Over, Proposal
    from registry.domain.vocabulary import Template

_the_file = argument("file", type=FILE)
_out = option("--out", type=FILE, metavar="FILE")


@command("grant.propose")
@argument("product", type=PRODUCT, required=False)
@option("--to", type=PARTY, metavar="PARTY")
@option("--template", type=WordType("Template"), metavar="KIND")
@option("--terms", type=FILE, metavar="FILE")
@option("--odrl", type=FILE, metavar="FILE")
@option("--parent", type=GRANT, metavar="GRANT")
@option("--one-sided", is_flag=True)
@clause_options.all_clauses
@option("--out", type=FILE, required=True, metavar="FILE")
def propose(  # noqa: PLR0913, PLR0917 (each says another part of the offer)
    session: Session,
    product: ProductId | None,
    to: PartyId | None,
    template: Template | None,
    terms: Path | None,
    odrl: Path | None,
    parent: GrantId | None,
    one_sided: bool,
    out: Path,
    **given: Any,  # noqa: ANN401 (as clause_options declares them)
) -> Answer:
    """Put terms forward as a file."""
    typed = clause_options.said(given)
    client = session.reading()
    text = clause_options.kept_text(client, given["text"])
    said = typed | _sides(product, to, text, one_sided=one_sided)
    source = clause_options.document(terms, odrl, None if template is None else template.name)
    if not one_sided:
        _limit_offer(source)
    if not _several(source):
        said.setdefault("grantor", str(client.parties.mine().id))
    clauses = clause_options.built(client, source, terms, said)
    texts = [] if text is None else [text]
    proposal = client.agreements.propose(*clauses, parent=parent, texts=texts)
    proposals.write(out, proposal)
    return _answer("cli.grant.proposed", proposal, out)


_OFFER = "14d"


def _limit_offer(source: dict[str, Any]) -> None:
    """Have an offer lapse that does not say when it does."""
    common = source.setdefault("clauses", {})
    if isinstance(common, dict) and common.get("offer_until") is None:
        common["offer_until"] = _OFFER


def _sides(
    product: ProductId | None, to: PartyId | None, text: FullText | None, *, one_sided: bool
) -> dict[str, Any]:
    """Return what the command line says of product, parties, form and text."""
    said = {"product": product, "grantee": to}
    found: dict[str, Any] = {key: str(one) for key, one in said.items() if one is not None}
    if text is not None:
        found["text"] = "0x" + text.digest.hex()
    return found | ({"form": "ONE_SIDED"} if one_sided else {})


def _several(source: dict[str, Any]) -> bool:
    """Tell whether a document names the grantors itself."""
    grants = source.get("grants")
    tables = [source.get("clauses"), *(grants if isinstance(grants, list) else [])]
    return any(isinstance(one, dict) and "grantor" in one for one in tables)


@command("grant.sign")
@_the_file
@option("--signature", type=SIGNATURE, metavar="HEX")
@option("--signer", type=ADDRESS, metavar="ADDRESS")
@_out
def sign(
    session: Session,
    file: Path,
    signature: bytes | None,
    signer: Address | None,
    out: Path | None,
) -> Answer:
    """Sign an offer, once it has been shown in plain words."""
    if signer is not None and signature is None:
        raise OptionsUnfit(rule="together", options=["--signature", "--signer"])
    proposal = proposals.read(file)
    if signature is not None:
        signed = _attached(session, proposal, signer, signature)
    else:
        signed = _signed(session, proposal, None)
    proposals.write(out or file, signed)
    return _answer("cli.grant.signed", signed, out or file, session)


@command("grant.consent")
@_the_file
@_out
def consent(session: Session, file: Path, out: Path | None) -> Answer:
    """Consent to a sub-grant of what one's party granted."""
    from registry.domain.proposal import Over as Kinds  # noqa: PLC0415 (start-up time)

    signed = _signed(session, proposals.read(file), Kinds.CONSENT)
    proposals.write(out or file, signed)
    return _answer("cli.grant.consented", signed, out or file, session)


@command("grant.counter")
@_the_file
@clause_options.all_clauses
@_out
def counter(session: Session, file: Path, out: Path | None, **given: Any) -> Answer:  # noqa: ANN401 (as clause_options declares them)
    """Answer an offer with other terms."""
    from registry.domain import clauses_json  # noqa: PLC0415 (start-up time)

    said = clause_options.said(given)
    proposal = proposals.read(file)
    client = session.reading()
    text = clause_options.kept_text(client, given["text"])
    if text is not None:
        said["text"] = "0x" + text.digest.hex()
    # A new salt keeps apart what differs in nothing else.
    fresh = {} if "salt" in said else {"salt": str(clause_options.new_salt())}
    grants = [clauses_json.to_json(one) | fresh for one in proposal.offer.clauses]
    source = {"template": grants[0]["template"], "grants": grants}
    for one in grants:
        del one["template"], one["agreement"]
    clauses = clause_options.built(client, source, None, said)
    texts = [] if text is None else [text]
    countered = client.agreements.counter(proposal, *clauses, texts=texts)
    proposals.write(out or file, countered)
    return _answer("cli.grant.countered", countered, out or file, session)


@command("grant.submit")
@_the_file
def submit(session: Session, file: Path) -> Answer:
    """File what all have signed."""
    proposal = proposals.read(file)
    # Whoever files it need not be a party.
    made = session.writing(enrol=False).agreements.submit(proposal)
    value: Shape = {"grants": [shapes.grant(one) for one in made]}
    said: Shape = {"count": len(made), "id": str(made[0].id)}
    return Answer(headline="cli.grant.submitted", value=value, said=said)


@command("grant.void")
@_the_file
def void(session: Session, file: Path) -> Answer:
    """Make an offer void that was not filed yet."""
    proposal = proposals.read(file)
    receipts = session.writing().agreements.void(proposal)
    value: Shape = {
        "digest": shapes.hexed(proposal.digest),
        "receipt": shapes.receipt(receipts[0]),
    }
    return Answer(headline="cli.grant.voided", value=value)


def _signed(session: Session, proposal: Proposal, over: Over | None) -> Proposal:
    """Return the proposal signed by the run's account, after a person has read and agreed.

    Where --as names the party nothing is asked of a node.
    """
    proposals.show_before_signing(session, proposal)
    prompts.require_consent(session, "grant sign")
    if session.settings.party is None:
        return session.reading().agreements.sign(proposal, over=over)
    from registry.services.agreements import signed_by  # noqa: PLC0415 (start-up time)

    connection = session.connection()
    party, account = connection.party(), connection.account or connection.accounts.needed()
    if party is None:
        raise PartyNeeded(account=str(account))
    # Without a node there is no other clock. A wrong one can refuse what is open, and stands beside
    # the signature, which does not cover it; whether the offer has lapsed the chain says at filing.
    now = int(time.time())
    return signed_by(proposal, party, account, seal=connection, now=now, over=over)


def _attached(
    session: Session, proposal: Proposal, signer: Address | None, signature: bytes
) -> Proposal:
    """Return the proposal with a signature that a wallet or device made."""
    client = session.reading()
    key = signer or client.account or session.connection().accounts.needed()
    party = session.connection().party() or client.ledger.party_of(key)
    if party is None:
        raise PartyNeeded(account=str(key))
    return client.agreements.attach(proposal, signer=key, signature=signature, party=party)


def _answer(
    headline: str, proposal: Proposal, file: Path, session: Session | None = None
) -> Answer:
    checked = {} if session is None else proposals.checked(session, proposal)
    value = proposals.shape(proposal, checked, file)
    hidden = frozenset({"grants", "history"})
    return Answer(headline=headline, value=value, hidden=hidden)


def show_file(session: Session, file: Path, text: Path | None) -> Raw:
    """Show an offer in plain words, once a full text is found to be the one that it names."""
    proposal = proposals.read(file)
    if text is not None:
        _require_text(proposal, text)
    checked = proposals.checked(session, proposal)
    value = proposals.shape(proposal, checked, file)
    return Raw(text=proposals.told(proposal, session.lang, checked), value=value)


def _require_text(proposal: Proposal, file: Path) -> None:
    from registry.errors import TextMismatch  # noqa: PLC0415 (start-up: seldom raised)

    content = read_bytes(file)
    named = {one.text for one in proposal.offer.clauses}
    texts = [one for one in proposal.texts if one.digest in named]
    if not any(one.matches(content) for one in texts):
        known = [str(shapes.hexed(one)) for one in named if one is not None]
        raise TextMismatch(file=str(file), known=known)
