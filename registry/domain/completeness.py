"""Say what an application misses under its profile, before anything is sent.

The rules are those of the property registration guide (国数综政策〔2026〕35号) and of the rules for
public data resources (发改数据规〔2025〕26号); `docs/metadata.md` tells them field by field. The
problems named here: `required`, `material-missing`, `no-credit-code`, `level-differs`,
`needs-non-substituting`, `needs-agreement`, `needs-sources`, `needs-basis`, `public-only`,
`holder-unknown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.fields import Reading
from registry.domain.metadata_values import (
    ApplicantType,
    AttachmentKind,
    ProductKind,
    RegionScope,
    RightType,
    Source,
)
from registry.domain.product import Profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.errors import Flaw

_COMMON: Final = (
    *("summary", "industry", "source", "region_scope", "time_scope", "update_frequency"),
    *("volume", "form", "structure", "data_class", "kind", "applicants"),
)
REQUIRED: Final[Mapping[Profile, tuple[str, ...]]] = {
    Profile.PROPERTY: (*_COMMON, "rights"),
    Profile.PUBLIC: (
        *_COMMON,
        *("evidence_ref", "products_and_services", "scenario", "security_risk_assessment"),
        *("access_mode", "operating_since"),
    ),
}
"""The attributes that each profile asks for beside the name, by `registry.domain.application`."""

MATERIALS: Final[Mapping[Profile, tuple[AttachmentKind, ...]]] = {
    Profile.PROPERTY: (
        *(AttachmentKind.IDENTITY, AttachmentKind.ACQUISITION),
        *(AttachmentKind.SAMPLE, AttachmentKind.DESCRIPTION),
    ),
    Profile.PUBLIC: (AttachmentKind.IDENTITY, AttachmentKind.ACQUISITION),
}
"""The documents that must be among the attachments."""

APPLICANT_REQUIRED: Final = ("type", "id_number", "contact", "phone", "address")
RIGHT_REQUIRED: Final = ("term", "proof_hash")
_ORGANISATIONS: Final = (ApplicantType.LEGAL_PERSON, ApplicantType.UNINCORPORATED)
# Which codes may say where data of a certain scope comes from.
_LEVELS: Final[Mapping[RegionScope, tuple[str, ...]]] = {
    RegionScope.PROVINCE: ("province",),
    RegionScope.CITY: ("city",),
    RegionScope.COUNTY: ("county",),
    RegionScope.BELOW_COUNTY: ("county", "city"),
}
# Beijing, Tianjin, Shanghai and Chongqing are provinces by their codes and cities by name.
_MUNICIPALITIES: Final = ("11", "12", "31", "50")


def problems(values: Mapping[str, Any], profile: Profile) -> list[Flaw]:
    """Return what is missing or does not go together, in values by attribute.

    A field whose value could not be read is not called missing as well.
    """
    reading = Reading()
    if profile in REQUIRED:
        _fields(values, profile, reading)
        _materials(values, profile, reading)
        _people(values, profile, reading)
        _region(values, reading)
        _public(values, profile, reading)
    _rights(values, reading)
    return reading.flaws


def _fields(values: Mapping[str, Any], profile: Profile, reading: Reading) -> None:
    required = list(REQUIRED[profile])
    if values.get("kind") not in (None, ProductKind.RESOURCE):
        required.append("delivery_mode")
    if values.get("region_scope") in _LEVELS:
        required.append("region_code")
    for attribute in required:
        if values.get(attribute, ()) == ():
            reading.refuse(name_of(attribute), "required", allowed=[f"profile:{profile.name}"])


def _materials(values: Mapping[str, Any], profile: Profile, reading: Reading) -> None:
    given = {one.kind for one in values.get("attachments") or ()}
    wanted = list(MATERIALS[profile])
    if values.get("agreed_rights"):
        wanted.append(AttachmentKind.AGREEMENT)
    for kind in wanted:
        if kind not in given:
            reading.refuse(
                "attachments", "material-missing", kind.value, [f"material:{kind.value}"]
            )


def _people(values: Mapping[str, Any], profile: Profile, reading: Reading) -> None:
    for i, one in enumerate(values.get("applicants") or ()):
        for attribute in APPLICANT_REQUIRED:
            if getattr(one, attribute) is None:
                reading.refuse(f"applicants[{i}].{name_of(attribute)}", "required")
        if one.type in _ORGANISATIONS and not _is_credit_code(one.id_number):
            where = f"applicants[{i}].idNumber"
            reading.refuse(where, "no-credit-code", one.id_number, ["credit-code"])
    if profile is Profile.PROPERTY:
        for i, one in enumerate(values.get("rights") or ()):
            for attribute in RIGHT_REQUIRED:
                if getattr(one, attribute) is None:
                    reading.refuse(f"rights[{i}].{name_of(attribute)}", "required")


def _region(values: Mapping[str, Any], reading: Reading) -> None:
    levels = _LEVELS.get(values.get("region_scope") or RegionScope.NATIONAL)
    if levels is None:
        return
    for code in values.get("region_code") or ():
        as_city = code[:2] in _MUNICIPALITIES and "city" in levels
        if level_of(code) not in levels and not as_city:
            allowed = [f"level-{level}" for level in levels]
            reading.refuse("regionCode", "level-differs", code, allowed)


def _rights(values: Mapping[str, Any], reading: Reading) -> None:
    source, stated = values.get("source"), values.get("rights") or ()
    operates = [one for one in stated if one.right_type is RightType.OPERATE]
    if source is Source.PUBLIC_CRAWL and operates and not values.get("non_substituting"):
        reading.refuse("nonSubstituting", "needs-non-substituting", allowed=["true"])
    if source is Source.ENTRUSTED and stated and not values.get("agreed_rights"):
        reading.refuse("agreedRights", "needs-agreement", allowed=["true"])
    codes = {one.credit_code for one in stated}
    applicants = values.get("applicants") or ()
    if codes and applicants and not codes & {one.id_number for one in applicants}:
        reading.refuse("rights", "holder-unknown", allowed=[str(applicants[0].id_number)])


def _public(values: Mapping[str, Any], profile: Profile, reading: Reading) -> None:
    if values.get("source") is Source.DERIVED and not values.get("sources"):
        reading.refuse("sources", "needs-sources", allowed=["product-id"])
    if profile is Profile.PROPERTY and values.get("raw_public"):
        reading.refuse("rawPublic", "public-only", True, ["false"])  # noqa: FBT003 (what was given)
    if profile is Profile.PROPERTY and values.get("operated") and not values.get("basis"):
        reading.refuse("basis", "needs-basis", allowed=["product-id"])


def level_of(code: str) -> str:
    """Return `province`, `city` or `county`, by a region's six digits.

    >>> level_of("410000"), level_of("410100"), level_of("410105")
    ('province', 'city', 'county')
    """
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def name_of(attribute: str) -> str:
    """Return the name that the rules' document has for an attribute.

    >>> name_of("update_frequency"), name_of("data_class")
    ('updateFrequency', 'securityClass')
    """
    if attribute == "data_class":
        return "securityClass"
    first, *others = attribute.split("_")
    return first + "".join(map(str.capitalize, others))


def _is_credit_code(number: str | None) -> bool:
    # Imported here for start-up time: seldom does a description name people.
    from stdnum.cn import uscc  # noqa: PLC0415

    return number is None or bool(uscc.is_valid(number))
