// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Act, Actor, CaseKind, Stage} from "../../contracts/types/Flow.sol";
import {Profile} from "../../contracts/types/Product.sol";

/// @notice What the two rule sets say, written down a second time, one act after the other.
library Rules {
    function follows(Profile profile, CaseKind kind, Stage stage, Act act, uint8 actor)
        internal
        pure
        returns (bool, Stage)
    {
        if (profile != Profile.PROPERTY && profile != Profile.PUBLIC) return (false, stage);
        if (act <= Act.SUBMIT) return _filing(profile, kind, stage, act, actor);
        if (act == Act.DEEM_ACCEPTED || act == Act.LAPSE) return _byTime(profile, stage, act, actor);
        if (stage == Stage.REGISTERED) return (_afterwards(profile, act, actor), stage);
        if (act >= Act.SETTLE) return (false, stage);
        if (act == Act.CONCUR) return (_concurs(profile, kind, stage, actor), stage);
        if (act == Act.WITHDRAW) return _withdraws(kind, stage, actor);
        if (act == Act.RESUBMIT) return _step(actor == Actor.APPLICANT && stage == Stage.RETURNED, Stage.SUBMITTED);
        if (act == Act.SUPPLEMENT) {
            return _step(actor == Actor.APPLICANT && stage == Stage.SUPPLEMENTING, Stage.ACCEPTED);
        }
        bool shown = stage == Stage.PUBLICISED || stage == Stage.OBJECTED;
        if (act == Act.OBJECT) {
            return _step(actor == Actor.ANYONE && kind == CaseKind.INITIAL && shown, Stage.OBJECTED);
        }
        return actor == Actor.REGISTRAR ? _decides(profile, kind, stage, act) : (false, stage);
    }

    function _step(bool allowed, Stage to) private pure returns (bool, Stage) {
        return (allowed, to);
    }

    function _filing(Profile profile, CaseKind kind, Stage stage, Act act, uint8 actor)
        private
        pure
        returns (bool, Stage)
    {
        if (kind == CaseKind.INITIAL) {
            bool fresh = stage == Stage.NONE || (act == Act.SUBMIT && stage == Stage.DRAFT);
            return (actor == Actor.APPLICANT && fresh, act == Act.DRAFT ? Stage.DRAFT : Stage.SUBMITTED);
        }
        if (act == Act.DRAFT || stage != Stage.NONE) return (false, stage);
        if (kind == CaseKind.CORRECTION) {
            bool concerned = actor == Actor.HOLDER || actor == Actor.ANYONE;
            return (profile == Profile.PUBLIC && concerned, Stage.SUBMITTED);
        }
        if (kind == CaseKind.TRANSFER && profile == Profile.PUBLIC) return (false, stage);
        return (actor == Actor.HOLDER, Stage.SUBMITTED);
    }

    function _byTime(Profile profile, Stage stage, Act act, uint8 actor) private pure returns (bool, Stage) {
        if (actor != Actor.CLOCK) return (false, stage);
        if (act == Act.LAPSE) return (stage == Stage.RETURNED || stage == Stage.SUPPLEMENTING, Stage.LAPSED);
        return (profile == Profile.PROPERTY && stage == Stage.SUBMITTED, Stage.ACCEPTED);
    }

    function _afterwards(Profile profile, Act act, uint8 actor) private pure returns (bool) {
        if (act == Act.OBJECT) return actor == Actor.ANYONE;
        bool decided = act == Act.UPHOLD || act == Act.REJECT || act == Act.SETTLE || act == Act.REFER;
        bool ofOffice = act == Act.CANCEL || act == Act.AWARD || (act == Act.REVOKE && profile == Profile.PUBLIC);
        return actor == Actor.REGISTRAR && (decided || ofOffice);
    }

    /// @dev Submitted and not decided.
    function _runs(Stage stage) private pure returns (bool) {
        return stage >= Stage.SUBMITTED && stage <= Stage.OBJECTED;
    }

    function _concurs(Profile profile, CaseKind kind, Stage stage, uint8 actor) private pure returns (bool) {
        bool joint = kind == CaseKind.INITIAL || (kind == CaseKind.TRANSFER && profile == Profile.PROPERTY);
        return actor == Actor.COUNTERPARTY && joint && _runs(stage);
    }

    function _withdraws(CaseKind kind, Stage stage, uint8 actor) private pure returns (bool, Stage) {
        bool drafted = kind == CaseKind.INITIAL && stage == Stage.DRAFT;
        return (actor == Actor.APPLICANT && (drafted || _runs(stage)), Stage.WITHDRAWN);
    }

    function _decides(Profile profile, CaseKind kind, Stage stage, Act act) private pure returns (bool, Stage) {
        bool initial = kind == CaseKind.INITIAL;
        bool property = profile == Profile.PROPERTY;
        if (act == Act.ACCEPT) return (stage == Stage.SUBMITTED, Stage.ACCEPTED);
        if (act == Act.RETURN) return (stage == Stage.SUBMITTED, Stage.RETURNED);
        if (act == Act.NOT_ACCEPT) return (stage == Stage.SUBMITTED, Stage.NOT_ACCEPTED);
        if (act == Act.EXTEND) return (property && stage == Stage.ACCEPTED, stage);
        if (act == Act.ASK) return (stage == Stage.ACCEPTED, Stage.SUPPLEMENTING);
        if (act == Act.PUBLICISE) return (initial && stage == Stage.ACCEPTED, Stage.PUBLICISED);
        if (act == Act.WAIVE) return (initial && property && stage == Stage.ACCEPTED, stage);
        if (act == Act.UPHOLD) return (initial && stage == Stage.OBJECTED, Stage.TERMINATED);
        if (act == Act.REJECT) return (initial && stage == Stage.OBJECTED, Stage.PUBLICISED);
        if (act == Act.REFUSE) return (stage == Stage.ACCEPTED || stage == Stage.PUBLICISED, Stage.REFUSED);
        // REGISTER. Only PROPERTY does without publicity in a first registration.
        if (stage == Stage.ACCEPTED) return (!initial || property, Stage.REGISTERED);
        return (initial && stage == Stage.PUBLICISED, Stage.REGISTERED);
    }
}
