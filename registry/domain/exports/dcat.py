"""Write a description as DCAT 3 under the profile DCAT-AP 3.0: JSON-LD as plain JSON.

The dataset is the product; a catalogue record says what the ledger recorded of it. Each field goes
to the term of its meaning. What those terms do not say exactly, such as the rule's own words, a
free text or the order of a list, stands in `dengji:fields` besides, so that importing the document
gives the same description again. Every node has its class, which the profile's shapes ask for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from registry.domain.exports.record import (
    FIELDS,
    PREFIX,
    TERMS,
    hexed,
    registration_urn,
    urn,
    version_urn,
)
from registry.domain.metadata_mapping import cleaned
from registry.domain.metadata_values import AccessMode, ProductKind, UpdateFrequency
from registry.domain.times import show_time
from registry.errors import AccessUrlUnfit

if TYPE_CHECKING:
    from registry.domain.exports.record import Record
    from registry.domain.metadata import Metadata

PROFILE: Final = "http://data.europa.eu/r5r/"
"""What a catalogue record says that it conforms to."""

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    PREFIX: TERMS,
}
_FREQUENCIES: Final = {
    UpdateFrequency.REAL_TIME: "UPDATE_CONT",
    UpdateFrequency.DAILY: "DAILY",
    UpdateFrequency.WEEKLY: "WEEKLY",
    UpdateFrequency.MONTHLY: "MONTHLY",
    UpdateFrequency.YEARLY: "ANNUAL",
    UpdateFrequency.ON_DEMAND: "AS_NEEDED",
    UpdateFrequency.OTHER: "OTHER",
}
_ACCESS: Final = {
    AccessMode.OPEN: "PUBLIC",
    AccessMode.AUTHORISED: "RESTRICTED",
    AccessMode.ON_REQUEST: "RESTRICTED",
}
_EXACT: Final = ("dataName", "summary", "updateFrequency")
_GUESSED: Final = (
    *("summary", "catalogId", "timeScope", "region", "regionScope", "regionCode", "accessMode"),
    *("restrictions", "sector", "kind", "deliveryMode", "form", "structure", "volume"),
)
"""What an import could read out of the standard's terms though it was never said."""

_DAY: Final = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
_PERIOD: Final = re.compile(rf"({_DAY})/({_DAY})")
# What no IRI may have, and RDF libraries leave out without a word.
_URL: Final = re.compile(r"https?://[^\x00-\x20\x7f-\xa0\s<>\"{}|\\^`]+", re.IGNORECASE)
_TYPES: Final = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}


def to_dcat(record: Record, metadata: Metadata, *, access_url: str | None = None) -> dict[str, Any]:
    """Return the description of a product's newest version, and the record of its registration.

    The ledger holds no data and knows no address of any: a distribution is there only where
    `access_url` says where the data is had. Raises `AccessUrlUnfit`.
    """
    if access_url is not None:
        require_url(access_url)
    return {
        "@context": CONTEXT,
        "@graph": [_dataset(record, metadata, access_url), _catalogue_record(record)],
    }


def require_url(given: str) -> None:
    """Refuse what is no absolute address of the web: raises `AccessUrlUnfit`."""
    try:
        parts = urlsplit(given)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise AccessUrlUnfit(given=given) from error
    if not named or not _URL.fullmatch(given):
        raise AccessUrlUnfit(given=given)


def fields_beside(metadata: Metadata, exact: tuple[str, ...] = _EXACT) -> dict[str, Any]:
    """Return the fields that another format does not say exactly, by the names of the rules.

    Null stands where an import could otherwise take something else for the field.
    """
    given = metadata.to_mapping()
    beside = {
        name: value
        for name, value in given.items()
        # A text with odd spaces in it is not taken over as it is.
        if name not in exact or cleaned(value) != value
    }
    return beside | {name: None for name in _GUESSED if name not in given}


def _dataset(record: Record, metadata: Metadata, access_url: str | None) -> dict[str, Any]:
    product, version = record.product, record.version
    made: dict[str, Any] = {
        "@id": urn(product.id),
        "@type": ["dcat:Dataset", "dcat:Resource"],
        "dct:title": metadata.data_name,
        # The profile asks for a description; the name is all there is where none was given.
        "dct:description": metadata.summary or metadata.data_name,
        "dct:identifier": metadata.catalog_id or record.code or urn(product.id),
        "dct:publisher": _agent(record),
        "dct:issued": _time(record.versions[0].time),
        "dct:modified": _time(version.time),
        "dcat:version": str(version.number),
        f"{PREFIX}:contentRoot": hexed(version.content_root),
        f"{PREFIX}:metadataHash": hexed(version.metadata_hash),
        "prov:wasGeneratedBy": {
            "@id": registration_urn(product.id, version.number),
            "@type": "prov:Activity",
        },
        **_described(metadata),
        f"{PREFIX}:{FIELDS}": {"@type": "@json", "@value": fields_beside(metadata)},
    }
    derivation = record.derivation(version.number)
    if derivation is not None:
        sources = [version_urn(one.product, one.version) for one in derivation.sources]
        made["prov:wasDerivedFrom"] = [{"@id": one} for one in sources]
    if access_url is not None:
        made["dcat:distribution"] = _distribution(access_url)
    return made


def _described(metadata: Metadata) -> dict[str, Any]:
    """Return the terms that stand only where their fields do."""
    made: dict[str, Any] = {}
    if metadata.update_frequency is not None:
        word = _FREQUENCIES[metadata.update_frequency]
        made["dct:accrualPeriodicity"] = _coded("frequency", word, "dct:Frequency")
    if metadata.access_mode is not None:
        word = _ACCESS[metadata.access_mode]
        made["dct:accessRights"] = _coded("access-right", word, "dct:RightsStatement")
    if metadata.time_scope is not None:
        made["dct:temporal"] = _period(metadata.time_scope)
    if metadata.region is not None:
        made["dct:spatial"] = {"@type": "dct:Location", "skos:prefLabel": metadata.region}
    if metadata.sector:
        made["dcat:keyword"] = [one.value for one in metadata.sector]
    if metadata.kind in (ProductKind.SERVICE, ProductKind.PRODUCT):
        made["dct:type"] = {
            "@id": f"{TERMS}{metadata.kind.value}",
            "@type": "skos:Concept",
            "skos:prefLabel": metadata.kind.value,
        }
    return made


def _catalogue_record(record: Record) -> dict[str, Any]:
    product = record.product
    made: dict[str, Any] = {
        "@id": registration_urn(product.id, record.version.number) + ":record",
        "@type": "dcat:CatalogRecord",
        "foaf:primaryTopic": {"@id": urn(product.id)},
        "dct:issued": _time(record.versions[0].time),
        "dct:modified": _time(record.version.time),
        "dct:conformsTo": {"@id": PROFILE, "@type": "dct:Standard"},
        f"{PREFIX}:ledger": {"@id": record.place.urn},
        f"{PREFIX}:profile": product.profile.name,
        f"{PREFIX}:state": product.state.name,
        f"{PREFIX}:asOf": _time(record.moment.time),
    }
    if record.code is not None:
        made[f"{PREFIX}:code"] = record.code
    return made


def _agent(record: Record) -> dict[str, Any]:
    # What parties are called stands in no ledger: the id is the name.
    applicant = record.product.applicant
    return {"@id": urn(applicant), "@type": "foaf:Agent", "foaf:name": str(applicant)}


def _distribution(access_url: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": access_url, "@type": "rdfs:Resource"},
    }


def _coded(scheme: str, word: str, kind: str) -> dict[str, str]:
    return {"@id": f"{_AUTHORITY}{scheme}/{word}", "@type": kind}


def _period(said: str) -> dict[str, Any]:
    found = _PERIOD.fullmatch(said)
    if found is None:
        return {"@type": "dct:PeriodOfTime", "rdfs:label": said}
    names = ("dcat:startDate", "dcat:endDate")
    days = {
        name: {"@value": day, "@type": _TYPES[len(day)]}
        for name, day in zip(names, found.groups(), strict=True)
    }
    return {"@type": "dct:PeriodOfTime", **days}


def _time(seconds: int) -> dict[str, str]:
    return {"@value": show_time(seconds), "@type": "xsd:dateTime"}
