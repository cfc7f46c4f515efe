// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Case} from "../types/Case.sol";
import {Act, Limit, Stage} from "../types/Flow.sol";
import {FlowTable} from "../types/FlowTable.sol";
import {Profile} from "../types/Product.sol";
import {CivilDate} from "./CivilDate.sol";

/// @title The rules of registration by cases
/// @notice Who may do what at which stage (`FlowTable`), and how long each time limit of a profile is. Time itself is
/// reckoned by the calendar.
library RegistrationFlow {
    /// @notice Whether actors may do this with a case, and the stage that follows.
    /// @param actors what the acting party is, a mask of `Actor`
    function next(Case memory c, Act act, uint8 actors) internal pure returns (bool allowed, Stage to) {
        return FlowTable.next(FlowTable.rules(act), c.profile, c.kind, c.stage, actors);
    }

    /// @notice Whether a case at this stage has ended.
    function ended(Stage stage) internal pure returns (bool) {
        return stage >= Stage.REGISTERED;
    }

    /// @notice Working days from submission to acceptance.
    function acceptance(Profile profile) internal pure returns (uint16) {
        return profile == Profile.PUBLIC ? Limit.PUBLIC_ACCEPTANCE : Limit.PROPERTY_ACCEPTANCE;
    }

    /// @notice Working days of review, by which it was made longer included.
    function review(Case memory c) internal pure returns (uint16) {
        return (c.profile == Profile.PUBLIC ? Limit.PUBLIC_REVIEW : Limit.PROPERTY_REVIEW) + c.extension;
    }

    /// @notice Working days of publicity.
    function publicity(Profile profile) internal pure returns (uint16) {
        return profile == Profile.PUBLIC ? Limit.PUBLIC_PUBLICITY : Limit.PROPERTY_PUBLICITY;
    }

    /// @notice Working days to decide an objection raised in publicity.
    function objection(Profile profile) internal pure returns (uint16) {
        return profile == Profile.PUBLIC ? Limit.PUBLIC_OBJECTION : Limit.PROPERTY_OBJECTION;
    }

    /// @notice Working days to answer an objection raised after registration.
    function notice(Profile profile) internal pure returns (uint16) {
        return profile == Profile.PUBLIC ? Limit.PUBLIC_NOTICE : Limit.PROPERTY_NOTICE;
    }

    /// @notice The least and the most working days that the registrar may name with an act, both 0 where it names none.
    function chosen(Act act) internal pure returns (uint8 least, uint8 most) {
        if (act == Act.RETURN) return (Limit.CORRECTION_LEAST, Limit.CORRECTION_MOST);
        if (act == Act.ASK) return (Limit.SUPPLEMENT_LEAST, Limit.SUPPLEMENT_MOST);
        if (act == Act.EXTEND) return (1, Limit.PROPERTY_EXTENSION);
    }

    /// @notice The latest end of a validity that begins, or was to end, at `from`: so many calendar years on, 00:00.
    function latestEnd(Profile profile, uint40 from) internal pure returns (uint40) {
        uint256 longest = profile == Profile.PUBLIC ? Limit.PUBLIC_VALIDITY_YEARS : Limit.PROPERTY_VALIDITY_YEARS;
        return CivilDate.startOf(CivilDate.addMonths(CivilDate.dayOf(from), 12 * longest));
    }

    /// @notice From when, and until when, a renewal of what is valid until `end` may be filed.
    function renewalWindow(Profile profile, uint40 end) internal pure returns (uint40 from, uint40 until) {
        uint24 day = CivilDate.dayOf(end);
        until = CivilDate.startOf(day);
        uint24 first = profile == Profile.PUBLIC
            ? day - Limit.PUBLIC_RENEWAL_DAYS
            : CivilDate.subtractMonths(day, Limit.PROPERTY_RENEWAL_MONTHS);
        from = CivilDate.startOf(first);
    }
}
