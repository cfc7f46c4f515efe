// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CaseKind, Stage} from "./Flow.sol";
import {PartyId} from "./PartyId.sol";
import {Profile} from "./Product.sol";

/// @notice What became of an objection.
enum Outcome {
    OPEN,
    REJECTED,
    UPHELD,
    SETTLED,
    REFERRED
}

/// @notice One case as it was last written. What lapses or counts as accepted by the passing of time is not in it:
/// `IRegistrationDesk.stageOf` reckons it.
/// @param filer the party that filed it
/// @param registrar the number of the registrar that decides it
/// @param submittedAt seconds since 1970 at which it was submitted, 0 for a draft
/// @param since seconds since 1970 at which the stage began
/// @param publicisedAt seconds since 1970 at which publicity began, 0 where it did not
/// @param kind what it asks for
/// @param stage where it stands
/// @param profile the rule set
/// @param returned whether it was sent back once
/// @param waived whether publicity was waived
/// @param dueDays working days that the applicant was given to correct or supplement
/// @param extension working days by which the review was made longer
/// @param spentDays working days of the review before the present stage, 127 for that many or more
/// @param objections how many objections raised in publicity are open
/// @param awaited whose consent is missing: bit n for the n-th holder named, bit 0 for the transferee
/// @param joint whether the holders named beside the filer must agree, to other content once more
struct Case {
    PartyId filer;
    uint16 registrar;
    uint40 submittedAt;
    uint40 since;
    uint40 publicisedAt;
    CaseKind kind;
    Stage stage;
    Profile profile;
    bool returned;
    bool waived;
    uint8 dueDays;
    uint8 extension;
    uint8 spentDays;
    uint16 objections;
    uint16 awaited;
    bool joint;
}

/// @notice A `Case` in one storage word. Bits from high to low: filer 64, registrar 16, submittedAt 40, since 40,
/// publicisedAt 40, kind 3, stage 4, profile 2, returned 1, waived 1, dueDays 5, extension 4, spentDays 7, objections
/// 12, awaited 16, joint 1.
type CaseWord is uint256;

using CaseWordLibrary for CaseWord global;

/// @notice Packing of `Case`.
library CaseWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @dev What `spentDays` and `objections` hold at most.
    uint8 internal constant MOST_SPENT = 127;
    uint16 internal constant MOST_OBJECTIONS = 4095;

    /// @notice Packs a case, whose narrow fields the desk keeps within their bits.
    function pack(Case memory c) internal pure returns (CaseWord) {
        uint256 bits = uint256(PartyId.unwrap(c.filer)) << 192 | uint256(c.registrar) << 176 | uint256(c.submittedAt)
            << 136 | uint256(c.since) << 96 | uint256(c.publicisedAt) << 56;
        bits |= uint256(c.kind) << 53 | uint256(c.stage) << 49 | uint256(c.profile) << 47;
        bits |= (c.returned ? 1 << 46 : 0) | (c.waived ? 1 << 45 : 0) | uint256(c.dueDays) << 40;
        bits |= uint256(c.extension) << 36 | uint256(c.spentDays) << 29 | uint256(c.objections) << 17;
        return CaseWord.wrap(bits | uint256(c.awaited) << 1 | (c.joint ? 1 : 0));
    }

    /// @notice Unpacks a case.
    function unpack(CaseWord word) internal pure returns (Case memory c) {
        uint256 bits = CaseWord.unwrap(word);
        c.filer = PartyId.wrap(uint64(bits >> 192));
        c.registrar = uint16(bits >> 176);
        c.submittedAt = uint40(bits >> 136);
        c.since = uint40(bits >> 96);
        c.publicisedAt = uint40(bits >> 56);
        c.kind = CaseKind(uint8(bits >> 53) & 7);
        c.stage = word.stage();
        c.profile = Profile(uint8(bits >> 47) & 3);
        c.returned = bits >> 46 & 1 == 1;
        c.waived = bits >> 45 & 1 == 1;
        c.dueDays = uint8(bits >> 40) & 31;
        c.extension = uint8(bits >> 36) & 15;
        c.spentDays = uint8(bits >> 29) & MOST_SPENT;
        c.objections = uint16(bits >> 17) & MOST_OBJECTIONS;
        c.awaited = uint16(bits >> 1);
        c.joint = bits & 1 == 1;
    }

    /// @notice Where it stands.
    function stage(CaseWord word) internal pure returns (Stage) {
        return Stage(uint8(CaseWord.unwrap(word) >> 49) & 15);
    }

    /// @notice Whether there is no such case.
    function isNone(CaseWord word) internal pure returns (bool) {
        return CaseWord.unwrap(word) == 0;
    }

    // forge-lint: disable-end(unsafe-typecast)
}

/// @notice What the desk keeps of a product beside its cases, in one storage word, the first field in the lowest bits.
/// A product that has had its first case alone, and comes from no operation of public data, has none.
/// @param laterCases how many cases it has had after the first, whose index is 0; the last one may be open
/// @param operationEnd the day before which every validity ends, by the grant of operation named; 0 without one
struct Docket {
    uint16 laterCases;
    uint24 operationEnd;
}
