// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Attenuation} from "../../contracts/libraries/Attenuation.sol";
import {ClauseRules} from "../../contracts/libraries/ClauseRules.sol";
import {ClausesCodec} from "../../contracts/libraries/ClausesCodec.sol";
import {UseRules} from "../../contracts/libraries/UseRules.sol";
import {Clauses, Field} from "../../contracts/types/Clauses.sol";
import {GrantWord, GrantWordLibrary} from "../../contracts/types/GrantState.sol";
import {PeriodWord} from "../../contracts/types/Period.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Form} from "../../contracts/types/Vocabulary.sol";

/// @notice The libraries behind calls, so that clauses come as calldata as they do in the contracts.
contract ClausesProven {
    function requireNarrower(bytes calldata parent, bytes calldata child) external pure {
        Attenuation.requireNarrower(ClausesCodec.unpack(parent), parent, ClausesCodec.unpack(child), child);
    }

    function requireOneSided(bytes calldata packed, uint256 time) external pure {
        ClauseRules.requireOneSided(ClausesCodec.unpack(packed), time);
    }

    function requireOneSidedUnder(bytes calldata packed, uint256 time) external pure {
        ClauseRules.requireOneSidedUnder(ClausesCodec.unpack(packed), time);
    }

    function requireSigned(bytes calldata packed, Form form, bool under, uint256 time) external pure {
        ClauseRules.requireSigned(ClausesCodec.unpack(packed), form, under, time);
    }

    function encoded(bytes calldata packed) external pure returns (uint256[] memory words) {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        words = new uint256[](Field.COUNT);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = clauses.encoded.get(i);
        }
    }

    function issued(bytes calldata packed, uint256 time) external pure returns (GrantWord) {
        return GrantWordLibrary.issued(ClausesCodec.unpack(packed), time);
    }

    function covers(bytes calldata packed, uint32 action, uint32 purpose, uint8 environment, uint32 territory)
        external
        pure
        returns (bool)
    {
        Clauses memory clauses = ClausesCodec.unpack(packed);
        return UseRules.ofClauses(clauses, packed, action, purpose, environment, territory) == Verdict.OK;
    }

    function allows(PeriodWord word, uint256 time, uint256 amount) external pure returns (bool) {
        return word.allows(time, amount);
    }

    function debited(PeriodWord word, uint256 time, uint256 amount) external pure returns (PeriodWord) {
        return word.debited(time, amount);
    }
}
