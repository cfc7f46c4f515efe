// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Names a grant: the EIP-712 digest of its terms, the domain included. Zero names none.
type GrantId is bytes32;

using {equalGrantId as ==} for GrantId global;

/// @dev The parent of a grant that rests on the product itself.
GrantId constant NO_GRANT = GrantId.wrap(0);

function equalGrantId(GrantId a, GrantId b) pure returns (bool) {
    return GrantId.unwrap(a) == GrantId.unwrap(b);
}
