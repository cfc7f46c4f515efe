// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Generated from registry/vocabulary/flow.json by scripts/gen_flow.py. Do not edit.

import {Act, CaseKind, Stage} from "./Flow.sol";
import {Profile} from "./Product.sol";

/// @title The table of the registration workflow
/// @notice One word for each act holds its rules, eight at most, the first in the lowest bits. A rule has 32 bits, from
/// high to low: stages 14, profiles 2 (PROPERTY, PUBLIC), kinds 6, actors 6, next 4. All but the last are masks; next
/// is the stage that follows, 0 where it stays.
/// @dev Warning: the table says who may do what at which stage. Time limits and further conditions, such as that
/// publicity is over, are the caller's to check; docs/registration.md lists them row by row.
library FlowTable {
    /// @dev NONE → DRAFT [all] [INITIAL] by APPLICANT
    uint256 internal constant DRAFT = 0x0000000000000000000000000000000000000000000000000000000000070411;
    /// @dev NONE, DRAFT → SUBMITTED [all] [INITIAL] by APPLICANT
    /// @dev NONE → SUBMITTED [all] [CHANGE, RENEWAL, CANCELLATION] by HOLDER
    /// @dev NONE → SUBMITTED [PUBLIC] [CORRECTION] by HOLDER, ANYONE
    /// @dev NONE → SUBMITTED [PROPERTY] [TRANSFER] by HOLDER
    uint256 internal constant SUBMIT = 0x0000000000000000000000000000000000052022000611220007c822000f0412;
    /// @dev SUBMITTED → ACCEPTED [all] [all] by REGISTRAR
    uint256 internal constant ACCEPT = 0x000000000000000000000000000000000000000000000000000000000013fc84;
    /// @dev SUBMITTED → RETURNED [all] [all] by REGISTRAR
    uint256 internal constant RETURN = 0x000000000000000000000000000000000000000000000000000000000013fc83;
    /// @dev SUBMITTED → NOT_ACCEPTED [all] [all] by REGISTRAR
    uint256 internal constant NOT_ACCEPT = 0x000000000000000000000000000000000000000000000000000000000013fc89;
    /// @dev RETURNED → SUBMITTED [all] [all] by APPLICANT
    uint256 internal constant RESUBMIT = 0x000000000000000000000000000000000000000000000000000000000023fc12;
    /// @dev DRAFT → WITHDRAWN [all] [INITIAL] by APPLICANT
    /// @dev SUBMITTED, RETURNED, ACCEPTED, SUPPLEMENTING, PUBLICISED, OBJECTED → WITHDRAWN [all] [all] by APPLICANT
    uint256 internal constant WITHDRAW = 0x00000000000000000000000000000000000000000000000003f3fc1c000b041c;
    /// @dev ACCEPTED → stays [PROPERTY] [all] by REGISTRAR
    uint256 internal constant EXTEND = 0x000000000000000000000000000000000000000000000000000000000041fc80;
    /// @dev ACCEPTED → SUPPLEMENTING [all] [all] by REGISTRAR
    uint256 internal constant ASK = 0x000000000000000000000000000000000000000000000000000000000043fc85;
    /// @dev SUPPLEMENTING → ACCEPTED [all] [all] by APPLICANT
    uint256 internal constant SUPPLEMENT = 0x000000000000000000000000000000000000000000000000000000000083fc14;
    /// @dev ACCEPTED → PUBLICISED [all] [INITIAL] by REGISTRAR
    uint256 internal constant PUBLICISE = 0x0000000000000000000000000000000000000000000000000000000000430486;
    /// @dev ACCEPTED → stays [PROPERTY] [INITIAL] by REGISTRAR
    uint256 internal constant WAIVE = 0x0000000000000000000000000000000000000000000000000000000000410480;
    /// @dev PUBLICISED, OBJECTED → OBJECTED [all] [INITIAL] by ANYONE
    /// @dev REGISTERED → stays [all] [all] by ANYONE
    uint256 internal constant OBJECT = 0x0000000000000000000000000000000000000000000000000403fd0003030507;
    /// @dev OBJECTED → TERMINATED [all] [INITIAL] by REGISTRAR
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant UPHOLD = 0x0000000000000000000000000000000000000000000000000403fc800203048b;
    /// @dev OBJECTED → PUBLICISED [all] [INITIAL] by REGISTRAR
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant REJECT = 0x0000000000000000000000000000000000000000000000000403fc8002030486;
    /// @dev ACCEPTED, PUBLICISED → REFUSED [all] [all] by REGISTRAR
    uint256 internal constant REFUSE = 0x000000000000000000000000000000000000000000000000000000000143fc8a;
    /// @dev ACCEPTED → REGISTERED [PROPERTY] [INITIAL] by REGISTRAR
    /// @dev ACCEPTED → REGISTERED [all] [CHANGE, CORRECTION, TRANSFER, RENEWAL, CANCELLATION] by REGISTRAR
    /// @dev PUBLICISED → REGISTERED [all] [INITIAL] by REGISTRAR
    uint256 internal constant REGISTER = 0x0000000000000000000000000000000000000000010304880043f88800410488;
    /// @dev SUBMITTED, RETURNED, ACCEPTED, SUPPLEMENTING, PUBLICISED, OBJECTED → stays [all] [INITIAL] by COUNTERPARTY
    /// @dev SUBMITTED, RETURNED, ACCEPTED, SUPPLEMENTING, PUBLICISED, OBJECTED → stays [PROPERTY] [TRANSFER] by
    /// COUNTERPARTY
    uint256 internal constant CONCUR = 0x00000000000000000000000000000000000000000000000003f1204003f30440;
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant SETTLE = 0x000000000000000000000000000000000000000000000000000000000403fc80;
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant REFER = 0x000000000000000000000000000000000000000000000000000000000403fc80;
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant CANCEL = 0x000000000000000000000000000000000000000000000000000000000403fc80;
    /// @dev REGISTERED → stays [PUBLIC] [all] by REGISTRAR
    uint256 internal constant REVOKE = 0x000000000000000000000000000000000000000000000000000000000402fc80;
    /// @dev REGISTERED → stays [all] [all] by REGISTRAR
    uint256 internal constant AWARD = 0x000000000000000000000000000000000000000000000000000000000403fc80;
    /// @dev SUBMITTED → ACCEPTED [PROPERTY] [all] by CLOCK
    uint256 internal constant DEEM_ACCEPTED = 0x000000000000000000000000000000000000000000000000000000000011fe04;
    /// @dev RETURNED, SUPPLEMENTING → LAPSED [all] [all] by CLOCK
    uint256 internal constant LAPSE = 0x0000000000000000000000000000000000000000000000000000000000a3fe0d;

    /// @notice Whether this may be done, and the stage that follows, the same one where it stays.
    /// @param word The rules of the act, one of the constants above or what `rules` gives.
    /// @param profile PROPERTY or PUBLIC; nothing is allowed under any other.
    /// @param actors What the acting party is, a mask of `Actor`.
    function next(uint256 word, Profile profile, CaseKind kind, Stage stage, uint8 actors)
        internal
        pure
        returns (bool allowed, Stage to)
    {
        uint256 profiles = uint256(1) << uint8(profile) & 0xc;
        uint256 stages = uint256(1) << (uint8(stage) + 18);
        uint256 kinds = uint256(1) << (uint8(kind) + 10);
        // Unsigned 32 bits a step: a rule of zero ends the word, since every rule names a stage.
        for (; word != 0; word >>= 32) {
            if (word & stages == 0 || word & kinds == 0) continue;
            if (word & profiles << 14 == 0 || word & uint256(actors) << 4 & 0x3f0 == 0) continue;
            uint256 following = word & 0xf;
            return (true, following == 0 ? stage : Stage(following));
        }
        return (false, stage);
    }

    /// @notice The rules of an act.
    function rules(Act act) internal pure returns (uint256) {
        if (uint8(act) < 13) {
            if (uint8(act) < 7) {
                if (uint8(act) < 4) {
                    if (uint8(act) < 2) {
                        if (uint8(act) < 1) {
                            return DRAFT;
                        }
                        return SUBMIT;
                    }
                    if (uint8(act) < 3) {
                        return ACCEPT;
                    }
                    return RETURN;
                }
                if (uint8(act) < 6) {
                    if (uint8(act) < 5) {
                        return NOT_ACCEPT;
                    }
                    return RESUBMIT;
                }
                return WITHDRAW;
            }
            if (uint8(act) < 10) {
                if (uint8(act) < 9) {
                    if (uint8(act) < 8) {
                        return EXTEND;
                    }
                    return ASK;
                }
                return SUPPLEMENT;
            }
            if (uint8(act) < 12) {
                if (uint8(act) < 11) {
                    return PUBLICISE;
                }
                return WAIVE;
            }
            return OBJECT;
        }
        if (uint8(act) < 19) {
            if (uint8(act) < 16) {
                if (uint8(act) < 15) {
                    if (uint8(act) < 14) {
                        return UPHOLD;
                    }
                    return REJECT;
                }
                return REFUSE;
            }
            if (uint8(act) < 18) {
                if (uint8(act) < 17) {
                    return REGISTER;
                }
                return CONCUR;
            }
            return SETTLE;
        }
        if (uint8(act) < 22) {
            if (uint8(act) < 21) {
                if (uint8(act) < 20) {
                    return REFER;
                }
                return CANCEL;
            }
            return REVOKE;
        }
        if (uint8(act) < 24) {
            if (uint8(act) < 23) {
                return AWARD;
            }
            return DEEM_ACCEPTED;
        }
        return LAPSE;
    }
}
