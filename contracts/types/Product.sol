// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";
import {Rights, SecurityClass} from "./Vocabulary.sol";

/// @notice Which rule set a product is registered under.
enum Profile {
    NONE,
    OPEN,
    PROPERTY,
    PUBLIC
}

/// @notice Where a product stands. The workflow states of the other profiles follow these.
enum ProductState {
    NONE,
    REGISTERED,
    RETIRED
}

/// @notice What a registration says beside its digests, in one word. Bits from high to low: spare 176, salt 64,
/// rights 8, class 8. The salt tells registrations alike in all else apart; rights is the mask of rights that the
/// applicant holds; class says how sensitive the data is.
type Particulars is uint256;

using ParticularsLibrary for Particulars global;

/// @notice Reading `Particulars`.
library ParticularsLibrary {
    /// @dev All bits but the salt's, the three rights' and the two of the class.
    uint256 private constant NEVER = ~(uint256(type(uint64).max) << 16 | uint256(Rights.ALL) << 8 | uint256(3));

    /// @notice Tells registrations alike in all else apart.
    function salt(Particulars word) internal pure returns (uint64) {
        return uint64(Particulars.unwrap(word) >> 16);
    }

    /// @notice The rights that the applicant holds, a mask.
    function rights(Particulars word) internal pure returns (uint8) {
        return uint8(Particulars.unwrap(word) >> 8);
    }

    /// @notice How sensitive the data is, as a number.
    function class(Particulars word) internal pure returns (uint8) {
        return uint8(Particulars.unwrap(word));
    }

    /// @notice Whether the rights include HOLD and no bit lacks a meaning.
    function valid(Particulars word) internal pure returns (bool) {
        return Particulars.unwrap(word) & NEVER == 0 && word.rights() & Rights.HOLD != 0
            && word.class() <= uint8(type(SecurityClass).max);
    }
}

/// @notice The head of a product's record. Bits from high to low:
/// applicant 64, registrar 16, profile 4, state 6, rights 3, moved 1, class 2, derived 1, caseOpen 1, latest 16,
/// since 40, until 40, seizures 6, controls 6, disputes 6, purposes 32, spare 12.
type ProductHead is uint256;

using ProductHeadLibrary for ProductHead global;

/// @notice Reading and changing a `ProductHead`.
library ProductHeadLibrary {
    uint256 private constant STATE_SHIFT = 166;
    uint256 private constant RIGHTS_SHIFT = 163;
    uint256 private constant MOVED_SHIFT = 162;
    uint256 private constant CLASS_SHIFT = 160;
    uint256 private constant LATEST_SHIFT = 142;
    uint256 private constant SINCE_SHIFT = 102;
    uint256 private constant UNTIL_SHIFT = 62;

    /// @notice The head of a product registered now, at version 1, under the `OPEN` profile.
    function open(PartyId applicant_, Particulars particulars, uint256 since_) internal pure returns (ProductHead) {
        return ProductHead.wrap(
            uint256(PartyId.unwrap(applicant_)) << 192 | uint256(Profile.OPEN) << 172 | uint256(ProductState.REGISTERED)
                << STATE_SHIFT | uint256(particulars.rights()) << RIGHTS_SHIFT | uint256(particulars.class())
                << CLASS_SHIFT | uint256(1) << LATEST_SHIFT | since_ << SINCE_SHIFT
        );
    }

    /// @notice Whether there is no such product.
    function isNone(ProductHead head) internal pure returns (bool) {
        return ProductHead.unwrap(head) == 0;
    }

    /// @notice The party that registered the product.
    function applicant(ProductHead head) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(ProductHead.unwrap(head) >> 192));
    }

    /// @notice The rule set it is registered under.
    function profile(ProductHead head) internal pure returns (Profile) {
        return Profile(_field(head, 172, 4));
    }

    /// @notice Where it stands.
    function state(ProductHead head) internal pure returns (ProductState) {
        return ProductState(_field(head, STATE_SHIFT, 6));
    }

    /// @notice The rights declared at registration. They are the applicant's own until the first move.
    function rights(ProductHead head) internal pure returns (uint8) {
        return uint8(_field(head, RIGHTS_SHIFT, 3));
    }

    /// @notice Whether rights have moved: then the holdings, not the head, say who holds what.
    function moved(ProductHead head) internal pure returns (bool) {
        return _field(head, MOVED_SHIFT, 1) == 1;
    }

    /// @notice How sensitive the data is.
    function class(ProductHead head) internal pure returns (SecurityClass) {
        return SecurityClass(_field(head, CLASS_SHIFT, 2));
    }

    /// @notice The number of its latest version.
    function latest(ProductHead head) internal pure returns (uint16) {
        return uint16(_field(head, LATEST_SHIFT, 16));
    }

    /// @notice Seconds since 1970 at which it was registered.
    function since(ProductHead head) internal pure returns (uint40) {
        return uint40(_field(head, SINCE_SHIFT, 40));
    }

    /// @notice Seconds since 1970 at which it ended or will end, 0 while that is open.
    function until(ProductHead head) internal pure returns (uint40) {
        return uint40(_field(head, UNTIL_SHIFT, 40));
    }

    /// @notice The same head, retired at `until_`.
    function retired(ProductHead head, uint40 until_) internal pure returns (ProductHead) {
        uint256 cleared = ProductHead.unwrap(head) & ~(uint256(0x3f) << STATE_SHIFT);
        return ProductHead.wrap(cleared | uint256(ProductState.RETIRED) << STATE_SHIFT | uint256(until_) << UNTIL_SHIFT);
    }

    /// @notice The same head, one version on. The caller keeps `latest` below its maximum.
    function advanced(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) + (uint256(1) << LATEST_SHIFT));
    }

    /// @notice The same head, marked as having moved rights.
    function withMoved(ProductHead head) internal pure returns (ProductHead) {
        return ProductHead.wrap(ProductHead.unwrap(head) | uint256(1) << MOVED_SHIFT);
    }

    function _field(ProductHead head, uint256 shift, uint256 width) private pure returns (uint256) {
        return (ProductHead.unwrap(head) >> shift) & ((uint256(1) << width) - 1);
    }
}
