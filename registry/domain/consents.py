"""Write a key's consent to a small file, to be carried to the controller's machine and read there.

The file is canonical JSON: what was signed, for which deployment, and the signature. The digest is
never in it: whoever reads it reckons it from the fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain import documents
from registry.domain.party import KeyKind, Scope
from registry.domain.signing import KeyConsent
from registry.domain.terms import SigningDomain
from registry.domain.times import show_time
from registry.domain.words import names
from registry.errors import ConsentElsewhere, ConsentMalformed, ProposalMalformed
from registry.records import dataclass

if TYPE_CHECKING:
    from typing import Any

FORMAT: Final = "dengji-key-consent/1"
_KEYS: Final = (
    *("format", "chain_id", "parties", "party", "key", "kind", "scopes"),
    *("valid_until", "deadline", "signature"),
)
_MOST_CHAIN: Final = 2**53 - 1
_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedConsent:
    """Hold what a key signed, in which domain, and its signature."""

    message: KeyConsent
    domain: SigningDomain
    signature: bytes

    @property
    def kind(self) -> KeyKind:
        """Return whether the key consents to be a controller or an agent."""
        return KeyKind(self.message.kind)

    @property
    def scopes(self) -> Scope:
        """Return what an agent may do; all of it for a controller."""
        return Scope(self.message.scopes & Scope.ALL)

    def require_domain(self, domain: SigningDomain) -> None:
        """Refuse a consent for another deployment; raises `ConsentElsewhere`."""
        if self.domain != domain:
            raise ConsentElsewhere(
                chain_id=self.domain.chain_id, registry=str(self.domain.verifying_contract)
            )


def mapping(consent: SignedConsent) -> dict[str, Any]:
    """Return what the file holds."""
    message, domain = consent.message, consent.domain
    agent = consent.kind is KeyKind.AGENT
    return {
        "format": FORMAT,
        "chain_id": domain.chain_id,
        "parties": str(domain.verifying_contract),
        "party": str(message.party),
        "key": str(message.key),
        "kind": consent.kind.name,
        "scopes": names(consent.scopes) if agent else [],
        "valid_until": show_time(message.valid_until) if agent else None,
        "deadline": show_time(message.deadline),
        "signature": "0x" + consent.signature.hex(),
    }


def dump(consent: SignedConsent) -> bytes:
    """Return the file."""
    return documents.canonical(mapping(consent))


def load(raw: bytes, *, file: str = "") -> SignedConsent:
    """Return the consent in a file; raises `ConsentMalformed`."""
    try:
        return _read(documents.parse(raw))
    except ProposalMalformed as error:
        raise ConsentMalformed(file=file, where=error.where, reason=error.reason) from error


def _read(root: documents.Node) -> SignedConsent:
    given = root.object(_KEYS)
    if given["format"].text() != FORMAT:
        raise given["format"].refused("proposal-word")
    kind = given["kind"].text()
    if kind not in (KeyKind.CONTROLLER.name, KeyKind.AGENT.name):
        raise given["kind"].refused("proposal-word")
    agent = kind == KeyKind.AGENT.name
    scopes = given["scopes"].mask("Scope", Scope)
    valid_until = given["valid_until"].maybe(documents.Node.time)
    if agent != bool(scopes) or agent != (valid_until is not None):
        raise given["scopes"].refused("proposal-missing")
    return SignedConsent(
        message=KeyConsent(
            party=given["party"].party(),
            key=given["key"].address(),
            kind=int(KeyKind[kind]),
            scopes=int(scopes) if agent else 0xFFFF,
            valid_until=valid_until or 0,
            deadline=given["deadline"].time(),
        ),
        domain=SigningDomain(
            chain_id=given["chain_id"].integer(_MOST_CHAIN),
            verifying_contract=given["parties"].address(),
        ),
        signature=given["signature"].bytes(0, _LONGEST),
    )
