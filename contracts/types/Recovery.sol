// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyId} from "./PartyId.sol";

/// @notice A recovery announced for a party whose controller is lost.
/// @param key the key that will control the party
/// @param by the registrar or regulator that announced it
/// @param effectiveAt seconds since 1970 from which it may take effect, zero for no recovery
struct Recovery {
    address key;
    PartyId by;
    uint32 effectiveAt;
}

/// @notice A `Recovery` in one storage word. Bits from high to low: key 160, by 64, effectiveAt 32.
type RecoveryWord is uint256;

using RecoveryWordLibrary for RecoveryWord global;

/// @notice Packing of `Recovery`.
library RecoveryWordLibrary {
    // Each cast keeps exactly the bits of its field: that is how a field is taken out of a word.
    // forge-lint: disable-start(unsafe-typecast)

    /// @notice Packs a recovery.
    function pack(Recovery memory recovery) internal pure returns (RecoveryWord) {
        return RecoveryWord.wrap(
            uint256(uint160(recovery.key)) << 96 | uint256(PartyId.unwrap(recovery.by)) << 32
                | uint256(recovery.effectiveAt)
        );
    }

    /// @notice Unpacks a recovery.
    function unpack(RecoveryWord word) internal pure returns (Recovery memory recovery) {
        uint256 bits = RecoveryWord.unwrap(word);
        recovery.key = address(uint160(bits >> 96));
        recovery.by = PartyId.wrap(uint64(bits >> 32));
        recovery.effectiveAt = uint32(bits);
    }

    // forge-lint: disable-end(unsafe-typecast)
}
