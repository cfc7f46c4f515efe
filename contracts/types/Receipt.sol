// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {WordBuffer, Words} from "../libraries/Words.sol";
import {GrantId} from "./GrantId.sol";
import {ProductId} from "./ProductId.sol";

/// @notice What a receipt says of a grant, in one word. Bits from high to low: spare 56, cumulative 64, sequence 32,
/// purpose 32, action 32, at 40. `cumulative` is all that was used under it by receipts up to and with this one,
/// `sequence` its number, `purpose` and `action` the masks of what was done since the one before, `at` the time of the
/// last use in it.
type Receipt is uint256;

/// @notice What stands of the receipts settled so far, in one word. Bits from high to low: spare 120, cumulative 64,
/// sequence 32, at 40.
type SettledWord is uint256;

/// @notice What the meter keeps of a grant's clauses from its first receipt on, in one word. Bits from high to low:
/// product 160, purposes 32, actions 32, validFrom 32.
type SubjectWord is uint256;

using ReceiptLibrary for Receipt global;
using SettledWordLibrary for SettledWord global;
using SubjectWordLibrary for SubjectWord global;

// Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
// forge-lint: disable-start(unsafe-typecast)

/// @notice Reading `Receipt`.
library ReceiptLibrary {
    bytes32 private constant TYPEHASH =
        keccak256("Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)");

    /// @notice Where the words of receipts are put to be hashed, of one after the other.
    function message() internal pure returns (WordBuffer buffer) {
        buffer = Words.allocate(7);
        buffer.put(0, uint256(TYPEHASH));
    }

    /// @notice The EIP-712 hash of the receipt for `grant`.
    /// @param buffer a `message()`, its words overwritten
    function hash(Receipt word, GrantId grant, WordBuffer buffer) internal pure returns (bytes32) {
        buffer.put(1, uint256(GrantId.unwrap(grant)));
        buffer.put(2, word.cumulative());
        buffer.put(3, word.sequence());
        buffer.put(4, word.purpose());
        buffer.put(5, word.action());
        buffer.put(6, word.usedAt());
        return buffer.hash();
    }

    /// @notice Whether no bit lacks a meaning.
    function valid(Receipt word) internal pure returns (bool) {
        return Receipt.unwrap(word) >> 200 == 0;
    }

    /// @notice All that was used by receipts up to this one, in units of the quota.
    function cumulative(Receipt word) internal pure returns (uint64) {
        return uint64(Receipt.unwrap(word) >> 136);
    }

    /// @notice Its number.
    function sequence(Receipt word) internal pure returns (uint32) {
        return uint32(Receipt.unwrap(word) >> 104);
    }

    /// @notice What for, a mask.
    function purpose(Receipt word) internal pure returns (uint32) {
        return uint32(Receipt.unwrap(word) >> 72);
    }

    /// @notice What was done, a mask.
    function action(Receipt word) internal pure returns (uint32) {
        return uint32(Receipt.unwrap(word) >> 40);
    }

    /// @notice Seconds since 1970 of the last use in it.
    function usedAt(Receipt word) internal pure returns (uint40) {
        return uint40(Receipt.unwrap(word));
    }
}

/// @notice Packing of `SettledWord`.
library SettledWordLibrary {
    /// @notice What stands once `receipt`, which is valid, is settled.
    /// @dev Cumulative and sequence stand beside each other in both words.
    function afterReceipt(Receipt receipt) internal pure returns (SettledWord) {
        return SettledWord.wrap(Receipt.unwrap(receipt) >> 104 << 40 | uint256(receipt.usedAt()));
    }

    /// @notice Whether something is settled, and the receipt says no more than that: it or a later one was settled.
    function includes(SettledWord word, Receipt receipt) internal pure returns (bool) {
        if (SettledWord.unwrap(word) == 0) return false;
        return receipt.sequence() <= word.sequence() && receipt.cumulative() <= word.cumulative();
    }

    /// @notice All that was settled, in units of the quota.
    function cumulative(SettledWord word) internal pure returns (uint64) {
        return uint64(SettledWord.unwrap(word) >> 72);
    }

    /// @notice The number of the last receipt.
    function sequence(SettledWord word) internal pure returns (uint32) {
        return uint32(SettledWord.unwrap(word) >> 40);
    }

    /// @notice Seconds since 1970 of the last use.
    function usedAt(SettledWord word) internal pure returns (uint40) {
        return uint40(SettledWord.unwrap(word));
    }
}

/// @notice Packing of `SubjectWord`.
library SubjectWordLibrary {
    /// @notice What the meter keeps of these clauses; the rules have kept `validFrom` in 32 bits.
    function make(ProductId product_, uint32 purposes_, uint32 actions_, uint40 validFrom_)
        internal
        pure
        returns (SubjectWord)
    {
        return SubjectWord.wrap(
            uint256(uint160(ProductId.unwrap(product_))) << 96 | uint256(purposes_) << 64 | uint256(actions_) << 32
                | uint256(validFrom_)
        );
    }

    /// @notice Whether nothing is kept yet.
    function isNone(SubjectWord word) internal pure returns (bool) {
        return SubjectWord.unwrap(word) == 0;
    }

    /// @notice Whether purpose and action of the receipt are there, and all of them granted.
    /// @dev The two stand beside each other, in the same order, in both words.
    function covers(SubjectWord word, Receipt receipt) internal pure returns (bool) {
        uint256 granted = SubjectWord.unwrap(word) >> 32;
        uint256 done = uint64(Receipt.unwrap(receipt) >> 40);
        // Of two numbers of 32 bits the product is zero where one of them is.
        unchecked {
            return done & ~granted == 0 && (done >> 32) * uint32(done) != 0;
        }
    }

    /// @notice The product.
    function product(SubjectWord word) internal pure returns (ProductId) {
        return ProductId.wrap(bytes20(uint160(SubjectWord.unwrap(word) >> 96)));
    }

    /// @notice What it may be used for, a mask.
    function purposes(SubjectWord word) internal pure returns (uint32) {
        return uint32(SubjectWord.unwrap(word) >> 64);
    }

    /// @notice What may be done, a mask.
    function actions(SubjectWord word) internal pure returns (uint32) {
        return uint32(SubjectWord.unwrap(word) >> 32);
    }

    /// @notice Seconds since 1970 from which it may be used, 0 for at once.
    function validFrom(SubjectWord word) internal pure returns (uint40) {
        return uint32(SubjectWord.unwrap(word));
    }
}
// forge-lint: disable-end(unsafe-typecast)
