"""Say what storage words show of a product, a grant, or an absence.

Who makes a proof and who checks it run this same code: the one over words that a node tells, the
other over words that are proved. So a proof holds exactly the words that it is read from, and the
statement in its file is compared with what the words come to.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from registry.domain import layout
from registry.domain.clauses_json import to_json
from registry.domain.directory import entry_name, predict
from registry.domain.grant import UNLIMITED
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.product import Profile, first_digest, next_digest
from registry.domain.proof import DIRECTORY, LINEAGE, SUPPORTS, OfAbsence, OfGrant, OfProduct
from registry.domain.proof_fields import derivation_json, shown
from registry.domain.proof_standing import against, in_force, is_spent, standing
from registry.domain.storage import WordInvalid
from registry.domain.terms import SigningDomain, terms_digest
from registry.domain.times import show_time
from registry.domain.vocabulary import AnnotationKind
from registry.errors import ProofRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from registry.domain.proof import Facts, Preimages, Subject, VersionPreimage, Words
    from registry.domain.storage import KeyValue

_MOST_INTERVALS: Final = 1_000
_OF_GRANTS: Final = ("grants", "suspensionCounts")
_OF_PARTIES: Final = ("parties", "identities", "suspensionCounts")
_OF_PRODUCTS: Final = ("holdingCounts", "annotationCounts")


def facts(subject: Subject, given: Preimages, words: Words) -> Facts:
    """Return what the words show of a subject.

    :raises ProofRefused: where a word is not known, a preimage is not that of its digest, or there
        is nothing of this name, or something of what is to be absent.
    """
    _require_sealed(words)
    try:
        if isinstance(subject, OfProduct):
            return _Teller(words, given).product(subject.product, subject.version)
        if isinstance(subject, OfGrant):
            return _Teller(words, given).grant(subject.grant)
    except (WordInvalid, ValueError, LookupError, ArithmeticError) as error:
        raise ProofRefused(part="storage", reason="word-meaningless") from error
    return _absence(subject, given, words)


def located(words: Words, contract: str) -> bool:
    """Tell whether the directory has a contract of this name, which is where it must be then."""
    place = words.word(DIRECTORY, "places", entry_name(contract))["value"]
    if not place:
        return False
    words.ahead([(DIRECTORY, name, (place - 1,)) for name in ("entryLocations", "entryCodeHashes")])
    location = words.word(DIRECTORY, "entryLocations", place - 1)["value"]
    if location != int(predict(words.directory, contract)):
        raise ProofRefused(part=contract, reason="address-other")
    code_hash = words.word(DIRECTORY, "entryCodeHashes", place - 1)["value"]
    words.found(contract, code_hash.to_bytes(32))
    return True


def _require_sealed(words: Words) -> None:
    if not words.word(DIRECTORY, "sealedAt")["value"]:
        raise ProofRefused(part=DIRECTORY, reason="directory-open")


def _require(words: Words, *contracts: str) -> None:
    """Refuse a directory without these contracts; those that write into them are found as well."""
    beside = [(contract, one) for contract in contracts for one in SUPPORTS.get(contract, ())]
    asked = (*contracts, *(one for _, one in beside))
    words.ahead([(DIRECTORY, "places", (entry_name(one),)) for one in asked])
    for contract in contracts:
        if not located(words, contract):
            raise ProofRefused(part=contract, reason="contract-missing")
    for contract, one in beside:
        if words.names(contract, one):
            located(words, one)


def _absence(subject: OfAbsence, given: Preimages, words: Words) -> Facts:
    if given.versions or given.grant is not None:
        raise ProofRefused(part="preimages", reason="preimage-unused")
    absent = subject.absent
    if isinstance(absent, GrantId):
        contract, name, kind = "GrantRegistry", "grants", "grant"
    elif isinstance(absent, ProductId):
        contract, name, kind = "ProductRegistry", "heads", "product"
    else:
        contract, name, kind = "ProductRegistry", "firstClaims", "content"
    # The registry of parties is there for its code, which says which chain it was made on.
    _require(words, "PartyRegistry", contract)
    if any(words.word(contract, name, absent).values()):
        raise ProofRefused(part=contract, reason="not-absent")
    text = "0x" + absent.hex() if isinstance(absent, bytes) else str(absent)
    return {"absent": {"kind": kind, "id": text}}


class _Teller:
    """Tell of products and grants, each party once."""

    def __init__(self, words: Words, given: Preimages) -> None:
        self._words = words
        self._given = given
        self._parties: dict[PartyId, None] = {}
        self._derives = False

    def product(self, product: ProductId, version: int) -> Facts:
        """Return what the words show of a product and one version of it."""
        if self._given.grant is not None:
            raise ProofRefused(part="preimages", reason="preimage-unused")
        told = self._product(product, version)
        return {**told, "parties": self._told_parties()}

    def grant(self, grant: GrantId) -> Facts:
        """Return what the words show of a grant and all that it rests on."""
        preimage = self._given.grant
        if preimage is None:
            raise ProofRefused(part="preimages", reason="preimage-missing")
        _require(self._words, "PartyRegistry", "GrantRegistry")
        clauses = preimage.clauses
        path = self._path(grant, (*preimage.above, clauses.clauses_hash()))
        grants = [self._one_grant(one, above) for one, above in path]
        sides = (str(clauses.grantor), str(clauses.grantee))
        if (grants[-1]["grantor"], grants[-1]["grantee"]) != sides:
            raise ProofRefused(part="GrantRegistry", reason="sides-other")
        if any(one["grantee"] != below["grantor"] for one, below in pairwise(grants)):
            raise ProofRefused(part="GrantRegistry", reason="sides-other")
        product = self._product(clauses.product, clauses.version)
        told = {"grants": grants, **product, "parties": self._told_parties()}
        spent = [str(one) for one, _ in path if self._is_spent(one)]
        said = against(told, clauses, self._words.time, spent=spent)
        return {**told, "clauses": to_json(clauses), "against": said}

    # ---- grants ------------------------------------------------------------------------------

    def _path(
        self, grant: GrantId, hashes: Sequence[bytes]
    ) -> list[tuple[GrantId, GrantId | None]]:
        """Return the grants from the root down, each with the one above; the last is the one."""
        domain = SigningDomain(
            chain_id=self._words.chain_id,
            verifying_contract=predict(self._words.directory, "GrantRegistry"),
        )
        path: list[tuple[GrantId, GrantId | None]] = []
        for clauses_hash in hashes:
            above = path[-1][0] if path else None
            path.append((terms_digest(domain, above, clauses_hash), above))
        if path[-1][0] != grant:
            raise ProofRefused(part="preimages", reason="grant-other")
        self._words.ahead(
            [("GrantRegistry", name, (one,)) for one, _ in path for name in _OF_GRANTS]
        )
        return path

    def _one_grant(self, grant: GrantId, above: GrantId | None) -> dict[str, Any]:
        state = self._words.word("GrantRegistry", "grants", grant)
        if not any(state.values()):
            raise ProofRefused(part="GrantRegistry", reason="nothing-there")
        self._heard(state["grantor"], state["grantee"])
        period = None
        if state["periodic"]:
            period = self._shown("GrantRegistry", "periods", grant)
        remaining = state["remaining"]
        return {
            "id": str(grant),
            "parent": None if above is None else str(above),
            **shown(layout.variable("GrantRegistry", "grants").word, state),
            "remaining": None if remaining == UNLIMITED else str(remaining),
            "period": period,
            "suspensions": list(self._intervals("GrantRegistry", "suspension", grant)),
            "standing": standing(state, self._words.time).name,
        }

    def _is_spent(self, grant: GrantId) -> bool:
        """Tell whether a grant has a quota for each period, of which nothing is left."""
        if not self._words.word("GrantRegistry", "grants", grant)["periodic"]:
            return False
        period = self._words.word("GrantRegistry", "periods", grant)
        return is_spent(period, self._words.time)

    # ---- products ----------------------------------------------------------------------------

    def _product(self, product: ProductId, version: int) -> dict[str, Any]:
        _require(self._words, "PartyRegistry", "ProductRegistry")
        self._derives = located(self._words, LINEAGE)
        name = "ProductRegistry"
        head = self._words.word(name, "heads", product)
        if not any(head.values()):
            raise ProofRefused(part=name, reason="nothing-there")
        chosen = version or head["latest"]
        if chosen > head["latest"]:
            raise ProofRefused(part=name, reason="version-missing")
        self._words.ahead([(name, one, (product,)) for one in _OF_PRODUCTS])
        self._heard(head["applicant"])
        return {
            "product": {
                "id": str(product),
                **shown(layout.variable(name, "heads").word, head),
                "inForce": in_force(head, self._words.time),
                "code": self._code(product, head),
            },
            "versions": self._versions(product, head, chosen),
            "holdings": list(self._holdings(product, head)),
            "annotations": [
                {**one, "kind": AnnotationKind(one["kind"]).name}
                for one in self._intervals(name, "annotation", product)
            ],
        }

    def _code(self, product: ProductId, head: Mapping[str, int]) -> dict[str, Any] | None:
        """Return what the registration code of a product is made of, None for one without."""
        if head["profile"] == Profile.OPEN or not located(self._words, "CertificateRegistry"):
            return None
        told = self._shown("CertificateRegistry", "codeRecords", product)
        if not told["registrar"]:
            return None
        seat = self._words.word("PartyRegistry", "registrars", told["registrar"])
        self._heard(seat["party"])
        return {
            **{key: told[key] for key in ("registrar", "month", "serial", "profile")},
            "seat": seat["seat"].to_bytes(3).decode("ascii", "backslashreplace"),
            "party": str(PartyId.of(seat["party"])),
        }

    def _versions(
        self, product: ProductId, head: Mapping[str, int], chosen: int
    ) -> list[dict[str, Any]]:
        """Return version 1, which the id proves, and the chosen one, as far as they differ."""
        numbers = sorted({1, chosen})
        if [one.number for one in self._given.versions] != numbers:
            raise ProofRefused(part="preimages", reason="versions-other")
        return [self._version(product, head, one) for one in self._given.versions]

    def _version(
        self, product: ProductId, head: Mapping[str, int], given: VersionPreimage
    ) -> dict[str, Any]:
        digest = self._digest(product, given.number)
        if given.number == 1:
            named = ProductId.derive(
                chain_id=self._words.chain_id,
                registry=predict(self._words.directory, "ProductRegistry"),
                party=PartyId.of(head["applicant"]),
                content_root=given.content_root,
                metadata_hash=given.metadata_hash,
                salt=given.salt,
            )
            holds = named == product
        else:
            previous = self._digest(product, given.number - 1)
            holds = next_digest(given.content_root, given.metadata_hash, previous) == digest
            holds = holds and given.salt == 0
        if not holds:
            raise ProofRefused(part="preimages", reason="digest-other")
        return {
            "number": given.number,
            "contentRoot": "0x" + given.content_root.hex(),
            "metadataHash": "0x" + given.metadata_hash.hex(),
            "digest": "0x" + digest.hex(),
            "claim": given.claim,
            "claimedAt": self._claimed(product, given),
            "derivation": self._derivation(product, given),
        }

    def _derivation(self, product: ProductId, given: VersionPreimage) -> dict[str, Any] | None:
        """Return what the version was made of; None where nothing is kept of that."""
        kept, told = 0, given.derivation
        if self._derives:
            kept = self._words.word(LINEAGE, "derivations", product, given.number)["value"]
        if told is None and not kept:
            return None
        if told is None or told.digest() != kept.to_bytes(32):
            raise ProofRefused(part="preimages", reason="derivation-other")
        return derivation_json(told)

    def _digest(self, product: ProductId, number: int) -> bytes:
        if number == 1:
            return first_digest(product)
        found = self._words.word("ProductRegistry", "versions", product, number)["value"]
        return found.to_bytes(32)

    def _claimed(self, product: ProductId, given: VersionPreimage) -> str:
        """Return since when the content is claimed for this version of the product."""
        if given.claim:
            keys: tuple[KeyValue, ...] = (given.content_root, given.claim)
            claim = self._words.word("ProductRegistry", "claims", *keys)
        else:
            claim = self._words.word("ProductRegistry", "firstClaims", given.content_root)
        if (claim["product"], claim["version"]) != (int(product), given.number):
            raise ProofRefused(part="preimages", reason="claim-other")
        return show_time(claim["firstAt"])

    def _holdings(self, product: ProductId, head: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Yield who held which rights when; before any moved, the applicant has them all."""
        name = "ProductRegistry"
        count = self._words.word(name, "holdingCounts", product)["value"]
        _require_few(count)
        if not count:
            told = shown(layout.variable(name, "heads").word, head)
            fields = {"party": told["applicant"], "rights": told["rights"]}
            yield {**fields, "from": told["since"], "to": None}
        self._words.ahead([(name, "holdings", (product, index)) for index in range(count)])
        for index in range(count):
            told = self._shown(name, "holdings", product, index)
            self._heard(self._words.word(name, "holdings", product, index)["party"])
            yield told

    # ---- parties and intervals ---------------------------------------------------------------

    def _heard(self, *parties: int) -> None:
        """Note parties that are named, to tell of them once."""
        self._parties.update(dict.fromkeys(PartyId.of(one) for one in parties if one))

    def _told_parties(self) -> list[dict[str, Any]]:
        named, name = sorted(self._parties), "PartyRegistry"
        self._words.ahead([(name, one, (party,)) for party in named for one in _OF_PARTIES])
        return [
            {
                "id": str(party),
                **self._shown(name, "parties", party),
                "identityHash": self._shown(name, "identities", party)["value"],
                "suspensions": list(self._intervals(name, "suspension", party)),
            }
            for party in named
        ]

    def _intervals(self, contract: str, name: str, subject: KeyValue) -> Iterator[dict[str, Any]]:
        """Yield all intervals of a log, ended ones included; makers are named, not told of."""
        total = self._words.word(contract, f"{name}Counts", subject)["total"]
        _require_few(total)
        self._words.ahead([(contract, f"{name}s", (subject, index)) for index in range(total)])
        for index in range(total):
            yield self._shown(contract, f"{name}s", subject, index)

    def _shown(self, contract: str, name: str, *keys: KeyValue) -> dict[str, Any]:
        word = layout.variable(contract, name).word
        return shown(word, self._words.word(contract, name, *keys))


def _require_few(count: int) -> None:
    if count > _MOST_INTERVALS:
        raise ProofRefused(part="storage", reason="too-many")
