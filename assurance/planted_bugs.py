"""Name the bugs that are planted in copies of the contracts, to show that the properties notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Hold a change of one place that is a bug.

    :ivar before: what stands there, once in the file.
    :ivar finder: the property that must have a counterexample then.
    :ivar unit: the contract that is compiled with it, empty where the property compiles the
        library itself.
    """

    name: str
    file: str
    before: str
    after: str
    finder: str
    unit: str = ""


PLANTED: Final = (
    Planted(
        name="a root can be anchored anew, with a later time",
        file="contracts/BatchAnchor.sol",
        before="if (!before.isNone()) revert AnchorTaken(by, root, before.since());",
        after="if (before.since() > block.timestamp) revert AnchorTaken(by, root, before.since());",
        finder="check_AnchorsKeepTheirTime",
        unit="BatchAnchor",
    ),
    Planted(
        name="anybody debits",
        file="contracts/GrantRegistry.sol",
        before="if (msg.sender != _meter) revert MeterOnly(msg.sender);",
        after="if (msg.sender == address(0)) revert MeterOnly(msg.sender);",
        finder="check_OnlyTheMeterDebits",
        unit="GrantRegistry",
    ),
    Planted(
        name="one unit more than is left can be used",
        file="contracts/GrantRegistry.sol",
        before="if (amount > left) _refuse(",
        after="if (amount > uint256(left) + 1) _refuse(",
        finder="check_DebitsTakeWhatIsLeft",
        unit="GrantRegistry",
    ),
    Planted(
        name="a revocation puts the end off",
        file="contracts/GrantRegistry.sol",
        before="if (word.endedBy(end)) revert GrantEndsAlready(grant, word.endsAt());",
        after="if (word.isNone()) revert GrantEndsAlready(grant, word.endsAt());",
        finder="check_OnlySidesAndCourtsRevoke",
        unit="GrantRegistry",
    ),
    Planted(
        name="a controller dismisses the agents of others",
        file="contracts/PartyRegistry.sol",
        before="if (word.kind() != KeyKind.AGENT || by != party) revert",
        after="if (word.kind() != KeyKind.AGENT || by.isNone()) revert",
        finder="check_DismissalIsOfOnesOwn",
        unit="PartyRegistry",
    ),
    Planted(
        name="whoever is no registrar admits keys",
        file="contracts/PartyRegistry.sol",
        before="_requireRole(by, Role.REGISTRAR);",
        after="_requireRole(by, Role.ALL);",
        finder="check_OnlyRegistrarsAdmit",
        unit="PartyRegistry",
    ),
    Planted(
        name="anybody settles products",
        file="contracts/ProductRegistry.sol",
        before="if (msg.sender != desk) revert DeskOnly(msg.sender);",
        after="if (msg.sender == lineage) revert DeskOnly(msg.sender);",
        finder="check_InnerEntriesAreForTheirContracts",
        unit="ProductRegistry",
    ),
    Planted(
        name="a right more than the parent's passes",
        file="contracts/libraries/Attenuation.sol",
        before="_require(below.rights() & ~above.rights() == 0,",
        after="_require(below.rights() & ~(above.rights() | 4) == 0,",
        finder="check_SubjectAndMasksNarrow",
    ),
)
