// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Query} from "../../contracts/interfaces/IGrantJudge.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Use, Verdict} from "../../contracts/types/Verdict.sol";
import {Action, Reason} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {vm} from "./Vm.sol";

/// @notice What the judge of grants answers to questions about many grants, and about what rests on others.
contract GrantQuestionsTest is AgreementFixture {
    using Drafts for Draft;

    /// @notice A batch of questions is answered as each by itself, whatever the answers are.
    function testFuzz_BatchesAnswerAlike(uint64[4] calldata amounts, uint8 revoked) external {
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(3);
        vm.prank(accounts[revoked % 4]);
        if (revoked % 3 == 0) grants.revoke(ids[revoked % 4], Reason.BREACH);
        Query[] memory queries = new Query[](4);
        for (uint256 i = 0; i < 4; ++i) {
            Use memory use = _use();
            (use.user, use.amount) = (members[i + 1], amounts[i] % 20_000);
            queries[i] = Query({above: _above(drafts, i), clauses: drafts[i].pack(), use: use});
        }
        Verdict[] memory all = grantJudge.checkBatch(queries);
        for (uint256 i = 0; i < 4; ++i) {
            Verdict one = grantJudge.check(queries[i].above, queries[i].clauses, queries[i].use);
            vm.assertTrue(all[i] == one);
            bool dead = revoked % 3 == 0 && i >= revoked % 4;
            if (!dead) vm.assertTrue((one == Verdict.OK) == (queries[i].use.amount <= 10_000));
            else vm.assertTrue(one == (i == revoked % 4 ? Verdict.GRANT_REVOKED : Verdict.ANCESTOR_REVOKED));
        }
        vm.assertEq(grantJudge.checkBatch(new Query[](0)).length, 0);
    }

    /// @notice The id of a grant is that of the hashes of the clauses down to it.
    function testFuzz_IdsComeOfLineages(uint8 level) external {
        level %= 5;
        (Draft[] memory drafts, GrantId[] memory ids) = _chain(4);
        bytes32[] memory lineage_ = new bytes32[](level + 1);
        for (uint256 i = 0; i <= level; ++i) {
            lineage_[i] = drafts[i].hash();
        }
        vm.assertTrue(grantJudge.idFrom(lineage_) == ids[level]);
        vm.assertEq(GrantId.unwrap(grantJudge.idFrom(new bytes32[](0))), 0);
    }

    /// @notice Whether data may be derived is told with the grant, its product and its purposes, for its version alone.
    function testFuzz_DerivingNamesTheGrant(uint16 version, uint16 asked, bool carries, bool stranger) external {
        Draft memory d = _draft();
        d.version = version % 2;
        if (carries) d.actions |= Action.DERIVE;
        GrantId issued = _issue(d);
        PartyId by = stranger ? other : buyer;
        (Verdict verdict, ProductId named, GrantId grant, uint32 purposes) =
            grantJudge.deriving(new bytes32[](0), d.pack(), asked, by);
        vm.assertTrue(named == product && grant == issued);
        vm.assertEq(purposes, d.purposes);
        Verdict expected = d.version != 0 && asked != d.version ? Verdict.VERSION_NOT_GRANTED : Verdict.OK;
        if (!carries) expected = Verdict.ACTION_NOT_GRANTED;
        if (stranger) expected = Verdict.USER_NOT_GRANTEE;
        vm.assertTrue(verdict == expected);
    }
}
