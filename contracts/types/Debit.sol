// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice What a settled receipt takes from a grant, in one word. Bits from high to low: grantor 64, grantee 64, words
/// 24, at 40, amount 64. `grantor` and `grantee` are the parties that signed, `words` is how many hashes show what a
/// sub-grant rests on, 0 for any other grant, and `at` is the time of the use, not to come.
type Debit is uint256;

using DebitLibrary for Debit global;

/// @notice Packing of `Debit`.
library DebitLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs a debit; a call has no room for 2^24 hashes.
    function make(PartyId grantor_, PartyId grantee_, uint256 words_, uint40 at_, uint64 amount_)
        internal
        pure
        returns (Debit)
    {
        return Debit.wrap(
            uint256(PartyId.unwrap(grantor_)) << 192 | uint256(PartyId.unwrap(grantee_)) << 128 | words_ << 104
                | uint256(at_) << 64 | uint256(amount_)
        );
    }

    /// @notice The parties that signed, as they stand beside each other in a `GrantWord`.
    function parties(Debit word) internal pure returns (uint256) {
        return Debit.unwrap(word) >> 128;
    }

    /// @notice The party that signed as grantor.
    function grantor(Debit word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(Debit.unwrap(word) >> 192));
    }

    /// @notice The party that signed as grantee.
    function grantee(Debit word) internal pure returns (PartyId) {
        return PartyId.wrap(uint64(Debit.unwrap(word) >> 128));
    }

    /// @notice How many hashes show what it rests on.
    function words(Debit word) internal pure returns (uint256) {
        return uint24(Debit.unwrap(word) >> 104);
    }

    /// @notice Seconds since 1970 of the use.
    function usedAt(Debit word) internal pure returns (uint40) {
        return uint40(Debit.unwrap(word) >> 64);
    }

    /// @notice Units of the quota.
    function amount(Debit word) internal pure returns (uint64) {
        return uint64(Debit.unwrap(word));
    }

    // forge-lint: disable-end(unsafe-typecast)
}
