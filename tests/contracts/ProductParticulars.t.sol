// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IProductRegistry, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Particulars} from "../../contracts/types/Product.sol";
import {Rights} from "../../contracts/types/Vocabulary.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice What a registration that names no source may say of rights and class, each of both.
contract ProductParticularsTest is Fixture {
    uint8 private constant CLASSES = 3;

    // The numbers are those of a loop and fit.
    // forge-lint: disable-start(unsafe-typecast)
    /// @notice Of all rights and all classes those are taken that exist, and no others.
    function test_EachClassWithAllRights() external {
        for (uint256 rights = 0; rights < 16; ++rights) {
            for (uint256 class = 0; class < 16; ++class) {
                Registration memory registration = _registration(bytes32(rights << 8 | class));
                registration.particulars = _particulars(1, uint8(rights), uint8(class));
                bool valid = class < CLASSES && rights & Rights.HOLD != 0 && rights <= Rights.ALL;
                if (!valid) _expectInvalid(registration.particulars);
                _registerBy(HOLDER, registration);
            }
        }
    }
    // forge-lint: disable-end(unsafe-typecast)

    function _expectInvalid(Particulars particulars) private {
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ParticularsInvalid.selector, particulars));
    }
}
