"""Events of OpenLineage: what they say, by our schema and by the client of the standard itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openlineage.client.generated import (
    base,
    dataset_version_dataset,
    documentation_dataset,
    job_type_job,
    ownership_dataset,
)
from openlineage.client.serde import Serde

from registry.domain.exports.openlineage import PRODUCER, SCHEMA, to_openlineage
from tests.recorded import GRANT, HOLDER, LAB, METHOD, OWN, PLOTS, record

OUR_SCHEMA = json.loads(
    (Path(__file__).parents[3] / "docs/schemas/openlineage.schema.json").read_bytes()
)
VALIDATOR = Draft202012Validator(OUR_SCHEMA, format_checker=FormatChecker())


def faults(event: dict[str, Any]) -> list[str]:
    """Return what our schema of an event says against one."""
    return [f"{one.json_path} {one.message[:99]}" for one in VALIDATOR.iter_errors(event)]


def test_a_derived_version_is_a_run_with_start_and_end() -> None:
    """One START and one COMPLETE of the same run name pinned inputs, grants and the output."""
    start, complete = to_openlineage(record())[1:3]
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == complete["run"]["runId"]
    assert {**start, "eventType": "COMPLETE"} == complete
    assert complete["job"]["name"] == f"{OWN}.model_training"
    inputs = {one["name"]: one["facets"]["version"]["datasetVersion"] for one in complete["inputs"]}
    assert inputs == {str(OWN): "1", str(PLOTS): "1"}
    grants = [one["facets"].get("dengji_grant", {}).get("grant") for one in complete["inputs"]]
    assert grants == [None, f"urn:dengji:grant:{GRANT}"]
    (output,) = complete["outputs"]
    assert output["name"] == str(OWN)
    assert output["facets"]["version"]["datasetVersion"] == "2"
    derivation = complete["run"]["facets"]["dengji_derivation"]
    assert derivation["agents"] == [f"urn:dengji:party:{LAB}"]
    assert derivation["method"] == "0x" + METHOD.hex()


def test_a_version_made_of_nothing_registered_is_a_dataset_event() -> None:
    """Without a derivation no run is claimed: the dataset is told, its owners with it."""
    events = to_openlineage(record(derivations=()))
    assert [one["schemaURL"].rpartition("/")[2] for one in events] == ["DatasetEvent"] * 3
    assert not any("run" in one or "job" in one for one in events)
    owners = events[2]["dataset"]["facets"]["ownership"]["owners"]
    assert owners == [{"name": f"urn:dengji:party:{HOLDER}", "type": "HOLD+USE+OPERATE"}]
    described = ["documentation" in one["dataset"]["facets"] for one in events]
    assert described == [False, False, True]


def test_the_same_derivation_is_always_the_same_run() -> None:
    """A run's id follows from the version that it made, not from when it is exported."""
    one, other = (to_openlineage(record(versions=n))[1]["run"]["runId"] for n in (2, 3))
    assert one == other


def test_every_event_is_as_the_schema_says() -> None:
    """The schema takes each event, and misses what is taken out of one or put in wrong."""
    events = to_openlineage(record())
    assert [faults(one) for one in events] == [[]] * 4
    run, dataset = events[1], events[0]
    for broken in (
        {**run, "run": {"facets": {}}},
        {**run, "run": {"runId": "seventeen"}},
        {**run, "eventType": "DONE"},
        {**run, "eventTime": "yesterday"},
        {name: value for name, value in run.items() if name != "job"},
        {name: value for name, value in dataset.items() if name != "producer"},
        {**dataset, "dataset": {"namespace": "x"}},
        {**dataset, "dataset": {"namespace": "x", "name": "y", "facets": {"mine": {}}}},
    ):
        assert faults(broken), broken


def test_our_facets_are_defined_where_they_say() -> None:
    """The address of each of our facets leads to its definition in the schema."""
    assert OUR_SCHEMA["$id"] == SCHEMA
    text = json.dumps(to_openlineage(record()))
    for name in ("GrantDatasetFacet", "RegistrationDatasetFacet", "DerivationRunFacet"):
        assert f"{SCHEMA}#/$defs/{name}" in text
        assert name in OUR_SCHEMA["$defs"]


@pytest.mark.parametrize("index", range(4))
def test_the_client_of_the_standard_makes_the_same_event(index: int) -> None:
    """Put together from the classes of openlineage-python, each event comes out as ours."""
    event = to_openlineage(record())[index]
    assert Serde.to_dict(_remade(event)) == event


def _remade(event: dict[str, Any]) -> base.RunEvent | base.DatasetEvent:
    if "dataset" in event:
        said = event["dataset"]
        static = base.StaticDataset(said["namespace"], said["name"], facets=_facets(said["facets"]))
        return base.DatasetEvent(
            eventTime=event["eventTime"], producer=event["producer"], dataset=static
        )
    return base.RunEvent(
        eventTime=event["eventTime"],
        producer=event["producer"],
        eventType=base.EventType[event["eventType"]],
        run=base.Run(event["run"]["runId"], facets=_facets(event["run"]["facets"])),
        job=base.Job(
            event["job"]["namespace"], event["job"]["name"], _facets(event["job"]["facets"])
        ),
        inputs=[
            base.InputDataset(
                one["namespace"], one["name"], inputFacets=None, facets=_facets(one["facets"])
            )
            for one in event["inputs"]
        ],
        outputs=[
            base.OutputDataset(
                one["namespace"], one["name"], outputFacets=None, facets=_facets(one["facets"])
            )
            for one in event["outputs"]
        ],
    )


def _facets(said: dict[str, Any]) -> dict[str, Any]:
    """Return facets as the client makes them; ours, which it does not know, as they are."""
    return {name: _facet(name, dict(facet)) for name, facet in said.items()}


def _facet(name: str, facet: dict[str, Any]) -> Any:  # noqa: ANN401 (one of many classes)
    classes: dict[str, Any] = {
        "version": dataset_version_dataset.DatasetVersionDatasetFacet,
        "documentation": documentation_dataset.DocumentationDatasetFacet,
        "ownership": ownership_dataset.OwnershipDatasetFacet,
        "jobType": job_type_job.JobTypeJobFacet,
    }
    if name not in classes:
        return facet
    del facet["_schemaURL"]
    if name == "ownership":
        facet["owners"] = [ownership_dataset.Owner(**one) for one in facet["owners"]]
    producer = facet.pop("_producer")
    assert producer == PRODUCER
    return classes[name](**facet, producer=producer)
