"""The whole application form: what it misses, what of it becomes public."""

import json
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from registry import messages
from registry.domain.application import Application, problems
from registry.domain.completeness import REQUIRED, name_of
from registry.domain.fields import MOST_FLAWS
from registry.domain.ids import PartyId, ProductId
from registry.domain.metadata import Metadata
from registry.domain.product import Profile
from registry.domain.vocabulary import Right, SecurityClass
from registry.errors import MetadataInvalid

STORIES = Path(__file__).parents[1] / "applications"
SECRET = b"s" * 32
PRODUCT = str(ProductId.of(7))
PORT = "91330200MA000004XF"
PROFILES = {
    "crop_plots": Profile.PUBLIC,
    "crop_forecast": Profile.PROPERTY,
    "port_calls": Profile.PROPERTY,
    "rail_waybills": Profile.PROPERTY,
    "forwarder_orders": Profile.PROPERTY,
    "sea_rail_fusion": Profile.PROPERTY,
    "robot_vibration": Profile.PROPERTY,
    "battery_cycles": Profile.PROPERTY,
    "hail_index": Profile.PROPERTY,
}


def story(name: str) -> dict[str, Any]:
    """Return the document of a story, with the products it rests on where it needs some."""
    found = tomllib.loads((STORIES / f"{name}.toml").read_text())
    if "operatingSince" in found:
        found["operatingSince"] = str(found["operatingSince"])
    if name == "crop_forecast":
        found |= {"basis": PRODUCT, "sources": [PRODUCT]}
    return found


def applied(
    mapping: dict[str, Any], profile: Profile = Profile.PROPERTY, secret: bytes = SECRET
) -> Application:
    """Build an application."""
    return Application.from_mapping(mapping, profile, secret=secret)


def told(mapping: dict[str, Any], profile: Profile = Profile.PROPERTY) -> list[tuple[str, str]]:
    """Return the fields and problems of a document."""
    return [(str(one["field"]), str(one["problem"])) for one in problems(mapping, profile)]


@pytest.mark.parametrize("name", PROFILES)
def test_the_stories_are_complete(name: str) -> None:
    """Each acceptance story's document is whole under its profile, and survives being written."""
    assert PROFILES.keys() == {path.stem for path in STORIES.glob("*.toml")}
    made = applied(story(name), PROFILES[name])
    again = applied(made.to_mapping(), PROFILES[name], b"another secret")
    assert again == made
    assert again.metadata_hash == made.metadata_hash


def test_nothing_of_people_is_public() -> None:
    """Neither names, numbers, telephones nor addresses stand in what the header says."""
    mapping = story("sea_rail_fusion")
    public = applied(mapping).metadata.canonical().decode()
    for one in (*mapping["applicants"], *mapping["rights"]):
        for name in ("name", "idNumber", "contact", "phone", "address", "holder", "creditCode"):
            assert one.get(name, "\0") not in public
    assert "confidentialHash" in public
    assert "confidentialSalt" not in public


def test_the_form_can_be_shown_to_a_registrar() -> None:
    """The confidential part hashes to what the public part says, and tells the form."""
    made = applied(story("battery_cycles"))
    shown = made.confidential()
    assert sha256(shown).digest() == made.metadata.confidential_hash
    assert json.loads(shown)["applicants"][0]["phone"] == "0551-00000007"


def test_what_is_confidential_cannot_be_guessed() -> None:
    """Who knows every field but not the writer's secret finds another digest."""
    mapping = story("battery_cycles")
    first, again = applied(mapping), applied(mapping)
    other = applied(mapping, secret=b"o" * 32)
    assert first.metadata.confidential_hash == again.metadata.confidential_hash
    assert first.metadata.confidential_hash != other.metadata.confidential_hash
    assert first.confidential_salt is not None
    assert len(first.confidential_salt) == 32


def test_one_changed_telephone_changes_the_public_digest() -> None:
    """The chain holds the registrant to every word of the form."""
    mapping = story("battery_cycles")
    before = applied(mapping).metadata_hash
    mapping["applicants"][0]["phone"] = "0551-00000008"
    assert applied(mapping).metadata_hash != before


def test_a_description_without_people_hashes_as_before() -> None:
    """An application of descriptive fields alone has the digest of its description."""
    mapping = {"dataName": "x", "summary": "y", "securityClass": "important"}
    made = applied(mapping, Profile.OPEN)
    assert made.metadata == Metadata(data_name="x", summary="y")
    assert made.security_class is SecurityClass.IMPORTANT
    assert made.applicant_rights is Right.ALL


def test_a_digest_that_is_not_the_forms_is_refused() -> None:
    """A confidential hash that is given must be that of the form."""
    mapping = story("battery_cycles")
    salt = applied(mapping).to_mapping()
    with pytest.raises(MetadataInvalid) as caught:
        applied(mapping | {"confidentialHash": "00" * 32, "confidentialSalt": "11" * 32})
    assert caught.value.problem == "hash-differs"
    assert applied(salt).to_mapping() == salt


@pytest.mark.parametrize("profile", REQUIRED)
def test_each_required_field_is_asked_for(profile: Profile) -> None:
    """Leaving out any required field is answered with that field alone."""
    name = "crop_plots" if profile is Profile.PUBLIC else "hail_index"
    for attribute in REQUIRED[profile]:
        mapping = story(name)
        del mapping[name_of(attribute)]
        assert (name_of(attribute), "required") in told(mapping, profile)
        assert all(field == name_of(attribute) for field, _ in told(mapping, profile))


def test_an_empty_form_is_told_all_it_misses() -> None:
    """Everything missing is said at once, in both languages."""
    missing = problems({}, Profile.PUBLIC)
    assert {one["field"] for one in missing} >= {"dataName", "evidenceRef", "applicants"}
    for one in missing:
        assert messages.flaw(one, "zh") != messages.flaw(one, "en")
        assert (one["value"] == "") is (one["problem"] != "material-missing")


def test_of_very_many_faults_the_last_says_that_there_are_more() -> None:
    """No form is answered with more faults than anybody reads; what follows is one fault."""
    found = problems({f"x{number:03}": "y" for number in range(MOST_FLAWS + 5)}, None)
    assert len(found) == MOST_FLAWS + 1
    assert {one["problem"] for one in found[:-1]} == {"unknown-field"}
    last = {"problem": "more-faults", "value": "", "nearest": "", "allowed": []}
    assert found[-1] == {"field": found[-1]["field"], **last}


def test_a_field_that_cannot_be_read_is_not_called_missing() -> None:
    """One fault is said once."""
    mapping = story("hail_index") | {"industry": "A99", "form": ["smell"]}
    assert told(mapping) == [("industry", "not-a-code"), ("form[0]", "not-allowed")]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"source": "public-crawl"}, ("nonSubstituting", "needs-non-substituting")),
        ({"source": "entrusted"}, ("agreedRights", "needs-agreement")),
        ({"source": "derived"}, ("sources", "needs-sources")),
        ({"rawPublic": True}, ("rawPublic", "public-only")),
        ({"operated": True}, ("basis", "needs-basis")),
        ({"agreedRights": True}, ("attachments", "material-missing")),
        ({"regionCode": ["510100"]}, ("regionCode", "level-differs")),
        ({"regionScope": "市"}, ("regionCode", "level-differs")),
        ({"deliveryMode": []}, ("deliveryMode", "required")),
        ({"attachments": []}, ("attachments", "material-missing")),
    ],
)
def test_what_does_not_go_together_is_refused(
    changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    """The rules on rights, regions and materials are checked before anything is sent."""
    found = told(story("hail_index") | changed)
    assert expected in found
    assert {field for field, _ in found} == {expected[0]}


def test_a_credit_code_has_right_check_characters() -> None:
    """A mistyped credit code is refused, and an organisation has no other number."""
    mapping = story("hail_index")
    mapping["applicants"][0]["idNumber"] = "91510100MA0000090U"
    assert ("applicants[0].idNumber", "check-failed") in told(mapping)
    mapping["applicants"][0]["idNumber"] = "E12345678"
    assert ("applicants[0].idNumber", "no-credit-code") in told(mapping)
    mapping["applicants"][0]["type"] = "自然人"
    mapping["rights"] = [one | {"creditCode": "E12345678"} for one in mapping["rights"]]
    assert told(mapping) == []


def test_the_applicant_is_among_the_holders() -> None:
    """A form whose rights are all another's is refused."""
    mapping = story("hail_index")
    mapping["rights"] = story("battery_cycles")["rights"]
    assert told(mapping) == [("rights", "holder-unknown")]


def test_rights_are_summed_for_each_holder() -> None:
    """Joint holders have each what the form states, and a party where one is named."""
    mapping = story("sea_rail_fusion")
    party = PartyId.of(9)
    mapping["rights"][2]["party"] = str(party)
    made = applied(mapping)
    assert [(one.credit_code, one.rights) for one in made.holders] == [
        (PORT, Right.ALL),
        ("91420100MA0000058W", Right.HOLD | Right.USE),
        ("91330200MA0000066A", Right.HOLD | Right.USE),
    ]
    assert [one.party for one in made.holders] == [None, party, None]
    assert made.applicant_rights is Right.ALL


def test_the_evidence_covers_every_material() -> None:
    """Another document, proof or reference is another evidence; the order of a list is not."""
    mapping = story("crop_plots")
    first = applied(mapping, Profile.PUBLIC).evidence
    mapping["attachments"].reverse()
    assert applied(mapping, Profile.PUBLIC).evidence == first
    for changed in (
        {"evidenceRef": "CZ-2"},
        {"securityRiskAssessment": "00" * 32},
        {"attachments": [*mapping["attachments"], {"kind": "sample", "sha256": "00" * 32}]},
        {"rights": [mapping["rights"][0] | {"proofHash": "00" * 32}]},
    ):
        assert applied(mapping | changed, Profile.PUBLIC).evidence != first


def test_parents_are_products() -> None:
    """The products that derived data comes from are ids; what is none is refused."""
    made = applied(story("crop_forecast"))
    assert made.parents == (ProductId.of(7),)
    assert made.basis == PRODUCT
    mistyped = PRODUCT[:-1] + ("q" if PRODUCT[-1] != "q" else "p")
    assert told(story("crop_forecast") | {"sources": [mistyped]}) == [
        ("sources[0]", "check-failed"),
    ]
