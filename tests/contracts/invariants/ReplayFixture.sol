// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Fixture} from "../Fixture.sol";
import {EventReplay} from "./EventReplay.sol";

/// @notice A deployment with a replay of its events.
abstract contract ReplayFixture is Fixture {
    function _newReplay() internal returns (EventReplay) {
        return new EventReplay(
            address(parties), address(products), address(grants), address(meter), address(lineage), address(anchors)
        );
    }
}
