// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "../../contracts/types/GrantId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Use} from "../../contracts/types/Verdict.sol";
import {Action, Purpose, QuotaUnit, Rights} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {vm} from "./Vm.sol";

/// @notice A fixture with a product of the holder's, and a plain grant of it drafted for the buyer.
abstract contract GrantFixture is Fixture {
    using Drafts for Draft;

    ProductId internal product;

    function setUp() public virtual override {
        super.setUp();
        product = _register("granted");
    }

    function _draft() internal view returns (Draft memory d) {
        d.rights = Rights.USE;
        d.product = product;
        d.grantor = holder;
        d.grantee = buyer;
        d.quotaUnit = uint8(QuotaUnit.CALL);
        d.quotaTotal = 10_000;
        d.salt = 7;
        d.validFrom = GENESIS;
        d.validUntil = GENESIS + 365 days;
        d.actions = Action.READ | Action.ANALYSE;
        d.purposes = Purpose.RESEARCH | Purpose.AGRICULTURE;
        d.text = keccak256("the full text");
        d.territory = new uint32[](1);
        d.territory[0] = 156_410_000;
    }

    function _issue(Draft memory d) internal returns (GrantId) {
        vm.prank(HOLDER);
        return grants.issue(d.pack());
    }

    function _use() internal view returns (Use memory use) {
        use.user = buyer;
        use.action = Action.ANALYSE;
        use.purpose = Purpose.RESEARCH;
        use.territory = 156_410_100;
        use.amount = 1;
    }
}
