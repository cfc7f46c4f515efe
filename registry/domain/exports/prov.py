"""Write where a product comes from in W3C PROV, as PROV-JSON: plain JSON, without any library.

    entity      the product, its versions (each a specialization of it), the versions and grants it
                rests on, methods as plans
    activity    the registration of each version; of a derived one, the work done on its sources
    agent       the parties
    relations   wasGeneratedBy, used, wasDerivedFrom, wasAttributedTo, wasAssociatedWith,
                actedOnBehalfOf, specializationOf

A later version is a `prov:Revision` of the one before. What a version was made of is only what the
ledger records: pinned versions, and the grants that allowed it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry import messages
from registry.domain.exports.record import PREFIX, TERMS, hexed
from registry.domain.times import show_time
from registry.domain.words import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.exports.record import Record
    from registry.domain.ids import GrantId, Identifier, PartyId, ProductId
    from registry.domain.lineage import Derivation
    from registry.domain.product import Version
    from registry.domain.vocabulary import Activity

_PLAIN: Final = "prov:Derivation"
_PREFIXES: Final = {
    PREFIX: TERMS,
    **{
        name: f"urn:dengji:{name}:"
        for name in ("product", "version", "registration", "party", "grant", "method")
    },
}


def to_prov(record: Record) -> dict[str, Any]:
    """Return the provenance of a product's versions, up to the roots of their lineage."""
    document = _Document()
    for derivation in record.derivations:
        document.add_derivation(derivation)
    document.add_product(record)
    previous: Version | None = None
    for version in record.versions:
        document.add_version(version)
        if previous is not None and record.derivation(version.number) is None:
            document.revised(version, previous)
        previous = version
    return document.mapping()


class _Document:
    """Collect the records of one PROV document; each thing stands in it once."""

    def __init__(self) -> None:
        self._records: dict[str, dict[str, dict[str, Any]]] = {}
        self._related: set[str] = set()
        self._texts: dict[Identifier, str] = {}

    def mapping(self) -> dict[str, Any]:
        """Return the document."""
        return {"prefix": dict(_PREFIXES), **self._records}

    def add_product(self, record: Record) -> None:
        """Add the product itself, as whoever described it calls it."""
        said = {} if record.metadata is None else {"prov:label": record.metadata.data_name}
        self._product(record.product.id, said)

    def add_version(self, version: Version) -> None:
        """Add a version, the act that registered it, and who did."""
        name = self._version(
            version.product,
            version.number,
            {
                f"{PREFIX}:contentRoot": hexed(version.content_root),
                f"{PREFIX}:metadataHash": hexed(version.metadata_hash),
            },
        )
        activity = self._registration(
            version.product,
            version.number,
            version.by,
            version.time,
            {
                f"{PREFIX}:block": _typed(str(version.block), "xsd:integer"),
                f"{PREFIX}:transaction": hexed(version.transaction),
            },
        )
        self._generated(name, activity, version.time)
        self._relate("wasAttributedTo", entity=name, agent=self._party(version.by))

    def revised(self, version: Version, previous: Version) -> None:
        """Add that a version took the place of the one before."""
        self._relate(
            "wasDerivedFrom",
            generatedEntity=self._version(version.product, version.number),
            usedEntity=self._version(previous.product, previous.number),
            type=_qualified("prov:Revision"),
        )

    def add_derivation(self, made: Derivation) -> None:
        """Add what a version was made of, by whom, how, and what allowed it."""
        name = self._version(made.product, made.version)
        activity_term, derived_as = _terms(made.activity)
        said = {"prov:type": _several([f"{PREFIX}:Registration", activity_term])}
        if made.purposes:
            purposes = [f"{PREFIX}:{_camel(one)}" for one in names(made.purposes)]
            said[f"{PREFIX}:purpose"] = _several(purposes)
        activity = self._registration(made.product, made.version, made.by, made.time, said)
        self._generated(name, activity, made.time)
        self._relate("wasAttributedTo", entity=name, agent=self._party(made.by))
        self._carried_out(made, activity)
        kind = {} if derived_as == _PLAIN else {"type": _qualified(derived_as)}
        for one in made.sources:
            source = self._version(one.product, one.version)
            self._relate("used", activity=activity, entity=source)
            self._relate(
                "wasDerivedFrom",
                generatedEntity=name,
                usedEntity=source,
                activity=activity,
                **kind,
            )
            if one.grant is not None:
                permission = {"role": _qualified(f"{PREFIX}:permission")}
                grant = self._grant(one.grant)
                self._relate("used", activity=activity, entity=grant, **permission)

    def _carried_out(self, made: Derivation, activity: str) -> None:
        plan = {} if made.method is None else {"plan": self._method(made.method)}
        registrant = self._party(made.by)
        for agent in made.agents or (made.by,):
            self._relate("wasAssociatedWith", activity=activity, agent=self._party(agent), **plan)
            if agent != made.by:
                self._relate(
                    "actedOnBehalfOf",
                    delegate=self._party(agent),
                    responsible=registrant,
                    activity=activity,
                )

    # ---- things, each once ---------------------------------------------------------------------

    def _thing(self, kind: str, name: str, said: Mapping[str, Any]) -> str:
        self._records.setdefault(kind, {}).setdefault(name, {}).update(said)
        return name

    def _product(self, product: ProductId, said: Mapping[str, Any]) -> str:
        kind = {"prov:type": _qualified(f"{PREFIX}:Product")}
        return self._thing("entity", f"product:{self._text(product)}", {**kind, **said})

    def _version(
        self, product: ProductId, number: int, said: Mapping[str, Any] | None = None
    ) -> str:
        name = f"version:{self._text(product)}.{number}"
        kind = {
            "prov:type": _qualified(f"{PREFIX}:Version"),
            f"{PREFIX}:number": _typed(str(number), "xsd:integer"),
        }
        self._thing("entity", name, {**kind, **(said or {})})
        whole = self._product(product, {})
        self._relate("specializationOf", specificEntity=name, generalEntity=whole)
        return name

    def _registration(
        self, product: ProductId, number: int, by: PartyId, time: int, said: Mapping[str, Any]
    ) -> str:
        name = f"registration:{self._text(product)}.{number}"
        known = self._records.get("activity", {}).get(name)
        if known is None:
            known = {
                "prov:startTime": show_time(time),
                "prov:endTime": show_time(time),
                "prov:type": _qualified(f"{PREFIX}:Registration"),
            }
        self._thing("activity", name, {**known, **said})
        self._relate("wasAssociatedWith", activity=name, agent=self._party(by))
        return name

    def _party(self, party: PartyId) -> str:
        kind = {"prov:type": _qualified(f"{PREFIX}:Party")}
        return self._thing("agent", f"party:{self._text(party)}", kind)

    def _grant(self, grant: GrantId) -> str:
        kind = {"prov:type": _qualified(f"{PREFIX}:Grant")}
        return self._thing("entity", f"grant:{self._text(grant)}", kind)

    def _method(self, digest: bytes) -> str:
        kind = {"prov:type": _qualified("prov:Plan")}
        return self._thing("entity", f"method:hash-{digest.hex()}", kind)

    def _text(self, named: Identifier) -> str:
        """Return an id as text, which takes its time to reckon, and is met often."""
        if named not in self._texts:
            self._texts[named] = str(named)
        return self._texts[named]

    # ---- relations -----------------------------------------------------------------------------

    def _generated(self, entity: str, activity: str, time: int) -> None:
        self._relate("wasGeneratedBy", entity=entity, activity=activity, time=show_time(time))

    def _relate(self, relation: str, **said: object) -> None:
        """Add a relation, unless it stands there already."""
        record = {f"prov:{name}": value for name, value in said.items()}
        told = f"{relation} {sorted(record.items())}"
        if told in self._related:
            return
        self._related.add(told)
        known = self._records.setdefault(relation, {})
        known[f"_:{relation}{len(known) + 1}"] = record


def _qualified(name: str) -> dict[str, str]:
    return _typed(name, "xsd:QName")


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"$": value, "type": kind}


def _several(names: list[str]) -> object:
    found = [_qualified(one) for one in names]
    return found if len(found) > 1 else found[0]


def _terms(activity: Activity) -> tuple[str, str]:
    """Return the term of an activity, and that of what it makes of its sources."""
    entries = messages.vocabulary("activity")["entries"]
    said = next(one["prov"] for one in entries if one["code"] == activity.name)
    return said["activity"], said["derivation"]


def _camel(word: str) -> str:
    """Return a word of the vocabulary as terms are written.

    >>> _camel("MODEL_TRAINING")
    'modelTraining'
    """
    first, *rest = word.lower().split("_")
    return first + "".join(map(str.capitalize, rest))
