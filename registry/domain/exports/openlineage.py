"""Write how versions of a product came to be as events of OpenLineage 2-0-2.

A derived version is a run of the job that its activity names: one START and one COMPLETE event, as
the standard asks, both at the time of the record, since when the work began is on no ledger. A
version that was made of nothing registered is a DatasetEvent. Datasets are products; their version
is a facet. Facets of our own say what the standard has no facet for; docs/schemas states them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from registry._version import __version__
from registry.domain.exports.record import PREFIX, hexed, registration_urn, urn
from registry.domain.times import show_time
from registry.domain.words import names

if TYPE_CHECKING:
    from registry.domain.exports.record import Record
    from registry.domain.ids import ProductId
    from registry.domain.lineage import Derivation, Source
    from registry.domain.product import Version

PRODUCER: Final = f"urn:dengji:client:{__version__}"
SCHEMA: Final = "urn:dengji:openlineage:1"
"""The id of docs/schemas/openlineage.schema.json, which states our facets."""

_SPEC: Final = "https://openlineage.io/spec"
_CORE: Final = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs"
_FACETS: Final = {
    "version": f"{_SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json"
    "#/$defs/DatasetVersionDatasetFacet",
    "documentation": f"{_SPEC}/facets/1-1-0/DocumentationDatasetFacet.json"
    "#/$defs/DocumentationDatasetFacet",
    "ownership": f"{_SPEC}/facets/1-0-1/OwnershipDatasetFacet.json#/$defs/OwnershipDatasetFacet",
    "jobType": f"{_SPEC}/facets/2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet",
}


def to_openlineage(record: Record) -> list[dict[str, Any]]:
    """Return the events of all versions of a product, the first version's first."""
    events: list[dict[str, Any]] = []
    for version in record.versions:
        derivation = record.derivation(version.number)
        if derivation is None:
            events.append(_dataset_event(record, version))
        else:
            events += (
                _run_event(record, version, derivation, kind) for kind in ("START", "COMPLETE")
            )
    return events


def _run_event(
    record: Record, version: Version, derivation: Derivation, kind: str
) -> dict[str, Any]:
    run = uuid5(NAMESPACE_URL, registration_urn(version.product, version.number))
    return {
        **_event(version, "RunEvent"),
        "eventType": kind,
        "run": {"runId": str(run), "facets": {f"{PREFIX}_derivation": _facet_of(derivation)}},
        "job": _job(record, derivation),
        "inputs": [_input(record, one) for one in derivation.sources],
        "outputs": [_output(record, version)],
    }


def _dataset_event(record: Record, version: Version) -> dict[str, Any]:
    return {**_event(version, "DatasetEvent"), "dataset": _output(record, version)}


def _event(version: Version, name: str) -> dict[str, Any]:
    return {
        "eventTime": show_time(version.time),
        "producer": PRODUCER,
        "schemaURL": f"{_CORE}/{name}",
    }


def _job(record: Record, derivation: Derivation) -> dict[str, Any]:
    kind = _facet("jobType", processingType="BATCH", integration="DENGJI", jobType="DERIVATION")
    return {
        "namespace": record.place.urn,
        "name": f"{record.product.id}.{derivation.activity.name.lower()}",
        "facets": {"jobType": kind},
    }


def _input(record: Record, source: Source) -> dict[str, Any]:
    facets: dict[str, Any] = {"version": _version(source.version)}
    if source.grant is not None:
        facets[f"{PREFIX}_grant"] = _own("GrantDatasetFacet", grant=urn(source.grant))
    return _dataset(record, source.product, facets)


def _output(record: Record, version: Version) -> dict[str, Any]:
    facets: dict[str, Any] = {
        "version": _version(version.number),
        "ownership": _facet(
            "ownership",
            owners=[
                {"name": urn(one.party), "type": "+".join(names(one.rights))}
                for one in record.holders
                if one.until is None
            ],
        ),
        f"{PREFIX}_registration": _own(
            "RegistrationDatasetFacet",
            contentRoot=hexed(version.content_root),
            metadataHash=hexed(version.metadata_hash),
            registeredBy=urn(version.by),
            block=version.block,
            transaction=hexed(version.transaction),
        ),
    }
    described = record.metadata
    if described is not None and version.number == record.version.number:
        text = described.summary or described.data_name
        facets["documentation"] = _facet("documentation", description=text)
    return _dataset(record, version.product, facets)


def _facet_of(derivation: Derivation) -> dict[str, Any]:
    said: dict[str, Any] = {
        "activity": derivation.activity.name,
        "purposes": names(derivation.purposes),
        "agents": [urn(one) for one in derivation.agents or (derivation.by,)],
    }
    if derivation.method is not None:
        said["method"] = hexed(derivation.method)
    return _own("DerivationRunFacet", **said)


def _dataset(record: Record, product: ProductId, facets: dict[str, Any]) -> dict[str, Any]:
    return {"namespace": record.place.urn, "name": str(product), "facets": facets}


def _version(number: int) -> dict[str, Any]:
    return _facet("version", datasetVersion=str(number))


def _facet(name: str, **said: object) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": _FACETS[name], **said}


def _own(name: str, **said: object) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": f"{SCHEMA}#/$defs/{name}", **said}
