// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IBatchAnchor} from "../../contracts/interfaces/IBatchAnchor.sol";
import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Product, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Application, IRegistrationDesk} from "../../contracts/interfaces/IRegistrationDesk.sol";
import {IUsageMeter, Settlement} from "../../contracts/interfaces/IUsageMeter.sol";
import {Approval, Path} from "../../contracts/types/Approval.sol";
import {Claim} from "../../contracts/types/Claim.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {Trees} from "./Trees.sol";
import {vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Somebody sees each of our transactions before it is in a block, and sends first what it likes: the same, or
/// what it takes out of ours. Ours comes after, and to the same as if nothing had been.
contract FrontrunningTest is AgreementFixture, DeskFixture {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    function setUp() public override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /* REGISTRATIONS */

    /// @notice The same registration by others first takes neither our id nor our record, and hides no claim of ours.
    function testFuzz_RegistrationsAreNotTaken(bytes32 seed, uint8 crowd) external {
        Registration memory ours = _registration(keccak256(abi.encode("ours", seed)));
        uint256 before = 1 + crowd % 4;
        for (uint256 i = 0; i < before; ++i) {
            _registerBy(accounts[i], ours);
        }
        ProductId expected = _idOf(holder, ours);
        vm.assertTrue(products.headOf(expected).isNone());
        ProductId made = _registerBy(HOLDER, ours);
        vm.assertTrue(made == expected);
        Product memory record = products.productRecord(made);
        vm.assertTrue(record.applicant == holder && record.since == block.timestamp);
        Claim[] memory claims = products.claims(ours.contentRoot, 0, 99);
        vm.assertEq(claims.length, before + 1);
        vm.assertTrue(claims[before].product == made);
        vm.assertEq(claims[before].firstAt, block.timestamp);
    }

    /// @notice A listed registration is not taken either, and nobody lists under our series.
    function testFuzz_ListingsAreNotTaken(bytes32 seed) external {
        Registration memory ours = _registration(keccak256(abi.encode("ours", seed)));
        vm.expectRevert(
            abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, buyer, uint8(0), uint8(1))
        );
        vm.prank(BUYER);
        products.registerListed(ours, product, "https://data.example.cn/a");
        vm.prank(BUYER);
        products.registerListed(ours, ProductId.wrap(0), "https://data.example.cn/a");
        vm.prank(HOLDER);
        ProductId made = products.registerListed(ours, product, "https://data.example.cn/a");
        vm.assertTrue(made == _idOf(holder, ours));
    }

    /// @notice A root anchored by others first, with other leaves and at an earlier time, leaves ours as it is; and what
    /// they promote is none of ours.
    function testFuzz_AnchorsAreNotTaken(bytes32 seed, uint32 leaves, uint16 earlier) external {
        Registration memory ours = _registration(keccak256(abi.encode("ours", seed)));
        (bytes32 root, bytes32[] memory proof) = _tree(ours);
        vm.prank(BUYER);
        anchors.anchor(root, 1 + leaves % 1_000_000);
        vm.warp(block.timestamp + earlier);
        vm.prank(HOLDER);
        anchors.anchor(root, 2);
        vm.assertEq(anchors.anchorOf(holder, root).since, block.timestamp);
        vm.assertEq(anchors.anchorOf(holder, root).leaves, 2);

        // The promotion is seen as well.
        bytes32 leaf = anchors.leafOf(buyer, ours);
        vm.expectRevert(abi.encodeWithSelector(IBatchAnchor.LeafUnproven.selector, root, leaf, uint32(0)));
        vm.prank(BUYER);
        anchors.promote(root, 0, ours, proof);
        _registerBy(BUYER, ours);
        vm.prank(HOLDER);
        ProductId made = anchors.promote(root, 0, ours, proof);
        vm.assertTrue(made == _idOf(holder, ours) && products.productRecord(made).applicant == holder);
    }

    /// @notice Commit and reveal: a root tells nothing of a salted leaf, and what is promoted is there since the anchor,
    /// before whoever registered it on seeing the promotion.
    function testFuzz_CommittedContentKeepsItsTime(bytes32 seed, uint64 guess, uint24 later) external {
        Registration memory ours = _registration(keccak256(abi.encode("ours", seed)));
        vm.assume(guess != ours.particulars.salt());
        bytes32 root = anchors.leafOf(holder, ours);
        vm.prank(HOLDER);
        anchors.anchor(root, 1);
        uint40 since = uint40(block.timestamp);
        // Whoever knows the content and not the salt cannot tell whether it was committed to.
        Registration memory guessed = _registration(keccak256(abi.encode("ours", seed)));
        guessed.particulars = _particulars(guess, 7, 0);
        vm.assertFalse(anchors.proves(holder, root, 0, anchors.leafOf(holder, guessed), new bytes32[](0)));
        vm.assertEq(products.claimCount(ours.contentRoot), 0);

        vm.warp(block.timestamp + 1 + later);
        _registerBy(BUYER, ours);
        vm.prank(HOLDER);
        ProductId made = anchors.promote(root, 0, ours, new bytes32[](0));
        vm.assertEq(products.productRecord(made).since, since);
        Claim[] memory claims = products.claims(ours.contentRoot, 0, 9);
        vm.assertTrue(claims[1].product == made);
        vm.assertTrue(claims[1].firstAt == since && claims[0].firstAt > since);
    }

    /// @notice The same application by another, before ours, is another product with another case.
    function testFuzz_ApplicationsAreNotTaken(bytes32 seed, bool open) external {
        Application memory ours =
            _application(keccak256(abi.encode("ours", seed)), open ? Profile.PUBLIC : Profile.PROPERTY);
        vm.prank(BUYER);
        ProductId theirs = cases.submit(ours);
        ProductId made = _apply(ours);
        vm.assertTrue(made != theirs && made == _idOf(holder, ours.registration));
        vm.assertTrue(cases.caseRecord(made, 0).filer == holder);
        vm.prank(BUYER);
        vm.expectPartialRevert(IRegistrationDesk.TransitionForbidden.selector);
        cases.withdraw(made, 0);
        cases.accept(made, 0);
    }

    /* GRANTS */

    /// @notice An agreement filed by whoever saw it is the same agreement: the id, the word and the sides are ours.
    function testFuzz_AgreementsFiledByOthersAreTheSame(uint64 salt, address stranger) external {
        Draft memory d = _agreed();
        d.salt = salt;
        bytes memory packed = d.pack();
        GrantId grant = d.idOf(address(grants));
        (Approval memory one, Approval memory two) = (_signed(0, grant), _signed(1, grant));
        uint256 before = vm.snapshotState();
        grants.agree(packed, one, two);
        uint256 ours = _wordOf(grant);
        vm.revertToState(before);
        vm.prank(stranger);
        grants.agree(packed, one, two);
        vm.assertEq(_wordOf(grant), ours);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantTaken.selector, grant));
        grants.agree(packed, one, two);
    }

    /// @notice Nobody but its sides voids an offer, whatever it saw of it, so that nobody stands in its way.
    function testFuzz_OffersAreNotBlocked(uint64 salt) external {
        Draft memory d = _agreed();
        d.salt = salt;
        GrantId grant = d.idOf(address(grants));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        vm.prank(OTHER);
        grants.voidOffer(GrantId.wrap(0), d.pack());
        // Nor is a grant of the same words by others in its place.
        Draft memory theirs = _copy(d);
        theirs.grantor = other;
        vm.prank(OTHER);
        grants.voidOffer(GrantId.wrap(0), theirs.pack());
        vm.assertTrue(_agree(d) == grant);
    }

    /// @notice A sub-grant seen before it is made is made by nobody else.
    function testFuzz_SubGrantsAreNotTaken(uint64 salt) external {
        (Draft[] memory drafts,) = _chain(1);
        Draft memory d = _below(_copy(drafts[1]), 2);
        d.salt = salt;
        Path memory path = Path({clauses: drafts[1].pack(), above: _above(drafts, 1)});
        bytes memory packed = d.pack();
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantorMismatch.selector, members[2], other));
        vm.prank(OTHER);
        grants.issueUnder(path, packed, _none());
        vm.prank(accounts[2]);
        grants.issueUnder(path, packed, _none());
    }

    /// @notice A consent to an ending is of use to the other side alone.
    function testFuzz_EndingsAreForTheSides(uint16 later) external {
        GrantId grant = _agree(_agreed());
        uint40 end = uint40(block.timestamp) + later;
        uint40 deadline = uint40(block.timestamp) + 1 days;
        Approval memory consent = _signed(1, _endingDigest(grant, end, deadline));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        vm.prank(OTHER);
        grants.endByConsent(grant, end, deadline, consent);
        vm.prank(accounts[0]);
        grants.endByConsent(grant, end, deadline, consent);
        vm.assertEq(grants.stateOf(grant).endsAt, end);
    }

    /// @notice Receipts of a batch that another files first, one or all, undo nothing: what is left of the batch settles,
    /// and comes to what the whole would have come to.
    function testFuzz_ReceiptsFiledByOthersCountOnce(uint64 first, uint64 second, bool which, bool all) external {
        (first, second) = (1 + first % 4000, 1 + second % 4000);
        GrantId[] memory ids = new GrantId[](2);
        Settlement[] memory batch = new Settlement[](2);
        for (uint256 i = 0; i < 2; ++i) {
            Draft memory d = _agreed();
            d.salt = uint64(100 + i);
            ids[i] = _agree(d);
            batch[i] = _settlement(d, ids[i], i == 0 ? first : second);
        }
        uint256 before = vm.snapshotState();
        vm.assertEq(meter.settle(batch), 2);
        (uint256 a, uint256 b) = (_wordOf(ids[0]), _wordOf(ids[1]));
        vm.revertToState(before);

        Settlement[] memory one = new Settlement[](1);
        (uint256 taken, uint256 left) = which ? (0, 1) : (1, 0);
        one[0] = batch[taken];
        vm.startPrank(OTHER);
        vm.assertEq(meter.settle(one), 1);
        if (all) (one[0], left) = (batch[left], taken);
        if (all) vm.assertEq(meter.settle(one), 1);
        vm.stopPrank();
        vm.assertEq(meter.settle(batch), all ? 0 : 1);
        // Alone it is refused, so that whoever files it learns it.
        one[0] = batch[left];
        vm.expectRevert(abi.encodeWithSelector(IUsageMeter.ReceiptStale.selector, ids[left], 1, 1));
        meter.settle(one);
        vm.assertEq(_wordOf(ids[0]), a);
        vm.assertEq(_wordOf(ids[1]), b);
    }

    /* KEYS */

    /// @notice A key's consent that was seen brings it to no other party.
    function testFuzz_ConsentsAreNotTaken(uint256 secret) external {
        secret = 1 + secret % (1 << 200);
        address key = vm.addr(secret);
        vm.assume(PartyId.unwrap(parties.partyOf(key)) == 0);
        uint40 deadline = uint40(block.timestamp) + 1 days;
        bytes memory consent = KeyConsents.controller(holder, key, deadline).sign(secret, address(parties));
        bytes32 asked = KeyConsents.controller(buyer, key, deadline).digest(address(parties));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ConsentInvalid.selector, key, asked));
        vm.prank(BUYER);
        parties.rotate(key, deadline, consent);
        vm.prank(HOLDER);
        parties.rotate(key, deadline, consent);
        vm.assertTrue(parties.partyOf(key) == holder);
    }

    /* AIDS */

    function _idOf(PartyId party, Registration memory r) private view returns (ProductId) {
        return products.idOf(party, r.contentRoot, r.metadataHash, r.particulars.salt());
    }

    function _tree(Registration memory ours) private view returns (bytes32 root, bytes32[] memory proof) {
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = anchors.leafOf(holder, ours);
        leaves[1] = keccak256("sibling");
        return (Trees.root(leaves), Trees.path(leaves, 0));
    }

    function _wordOf(GrantId grant) private view returns (uint256) {
        return uint256(keccak256(abi.encode(grants.wordOf(grant), meter.settledOf(grant), grants.periodOf(grant))));
    }

    function _settlement(Draft memory d, GrantId grant, uint64 amount) private view returns (Settlement memory one) {
        one.grant = grant;
        one.receipt = _receipt(amount, 1);
        one.clauses = d.pack();
        bytes32 digest = _receiptDigest(grant, one.receipt);
        (one.grantor, one.grantee) = (_signed(0, digest), _signed(1, digest));
    }
}
// forge-lint: disable-end(unsafe-typecast)
