"""Say what can be wrong with signed messages, proposals, templates and policies in ODRL."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class MessageRefused(InvalidInputError):
    """A field of a message to be signed has a value that its type cannot hold."""

    code: ClassVar[str] = "message-refused"
    message: str
    field: str
    given: str


class SignatureWrong(IntegrityError):
    """A signature is not the signer's over the digest; `recovered` is whose it is, if anyone's."""

    code: ClassVar[str] = "signature-wrong"
    signer: str
    recovered: str | None


class SignatureMalformed(InvalidInputError):
    """What was given is no signature: of 65 bytes, in the lower half of the curve, v 27 or 28."""

    code: ClassVar[str] = "signature-malformed"
    given: str


class ProposalMalformed(InvalidInputError):
    """A proposal's file is not as its schema says; `where` points into it as RFC 6901 does.

    `reason` is one of the words of the catalogue below `reason.proposal-`.
    """

    code: ClassVar[str] = "proposal-malformed"
    where: str
    reason: str
    given: str


class ProposalTampered(IntegrityError):
    """A digest stated in a proposal is not that of what it says."""

    code: ClassVar[str] = "proposal-tampered"
    where: str
    stated: str
    computed: str


class ProposalElsewhere(InvalidInputError):
    """A proposal is for another ledger than the one connected to."""

    code: ClassVar[str] = "proposal-elsewhere"
    chain_id: int
    grants: str
    connected_chain: int
    connected_grants: str


class ProposalUnsigned(InvalidInputError):
    """Signatures are missing; `parties` are those who have not signed."""

    code: ClassVar[str] = "proposal-unsigned"
    parties: list[str]


class ProposalLapsed(InvalidInputError):
    """The offer could be accepted until `until` only, in seconds since 1970."""

    code: ClassVar[str] = "proposal-lapsed"
    until: int


class SignerUninvolved(InvalidInputError):
    """A party has nothing to sign here; `parties` are those who have."""

    code: ClassVar[str] = "signer-uninvolved"
    party: str
    parties: list[str]


class TextMismatch(IntegrityError):
    """A full text is not the one whose salted hash the terms carry."""

    code: ClassVar[str] = "text-mismatch"
    file: str
    known: list[str]


class SecondSideNeeded(InvalidInputError):
    """A grant ends by the will of both: neither a file to sign into nor the other's was named."""

    code: ClassVar[str] = "second-side-needed"
    grant: str


class GrantOther(InvalidInputError):
    """What was signed is about another grant than the one named."""

    code: ClassVar[str] = "grant-other"
    given: str
    signed: str


class TemplateUnmet(InvalidInputError):
    """Terms are not as the template they name asks; `clause` says where, `problem` why.

    `problem` is one of `template-needs`, `template-form`, `template-no-rights`,
    `template-disposal`, `template-five-years`, `template-free-delegation`, `template-derived`,
    `template-service-party`.
    """

    code: ClassVar[str] = "template-unmet"
    template: str
    clause: str
    problem: str


class TemplateMalformed(InvalidInputError):
    """A file of clauses cannot be used; `where` names the key."""

    code: ClassVar[str] = "template-malformed"
    file: str
    where: str
    reason: str


class OdrlUnmappable(InvalidInputError):
    """A term of ODRL has no clause of the same meaning, or a clause no term; nothing is dropped."""

    code: ClassVar[str] = "odrl-unmappable"
    term: str
    where: str
