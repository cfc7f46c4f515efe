// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry} from "../../contracts/interfaces/IProductRegistry.sol";
import {Signatures} from "../../contracts/libraries/Signatures.sol";
import {Approval} from "../../contracts/types/Approval.sol";
import {Clause} from "../../contracts/types/Clauses.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {GrantOrigin, GrantStage, GrantState} from "../../contracts/types/GrantState.sol";
import {Scope, Standing} from "../../contracts/types/Key.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Verdict} from "../../contracts/types/Verdict.sol";
import {Form, Mode, PriceModel, Reason, Template} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {bound, vm} from "./Vm.sol";
import {Manner, Wallet} from "./Wallets.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Agreements of two sides and of several, and what becomes of signatures that are not what they seem.
contract GrantAgreementsTest is AgreementFixture {
    using Drafts for Draft;
    using KeyConsents for Wanted;

    uint256 private constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /* AGREEING */

    /// @notice Whoever submits it, what both signed is a grant under the digest of its terms, and the event says who signed.
    function testFuzz_AgreesForAnyone(address relayer, uint64 salt, uint8 template) external {
        Draft memory d = _agreed();
        d.salt = salt;
        d.template = uint8(bound(template, 0, uint8(Template.INTERMEDIARY)));
        GrantId grant = d.idOf(address(grants));
        bytes memory packed = d.pack();
        Approval memory one = _signed(0, grant);
        Approval memory two = _signed(1, grant);
        vm.expectEmit(address(grants));
        emit IGrantRegistry.GrantAgreed(
            grant, agreed, members[1], GrantId.wrap(0), accounts[0], accounts[1], address(0), packed
        );
        vm.prank(relayer);
        vm.assertTrue(grants.agree(packed, one, two) == grant);
        GrantState memory state = grants.stateOf(grant);
        vm.assertTrue(state.stage == GrantStage.ISSUED && state.origin == GrantOrigin.SIGNED);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantTaken.selector, grant));
        grants.agree(packed, one, two);
    }

    /// @notice An offer stands up to, not at, its last second, and must have one.
    function testFuzz_OffersLapse(uint32 later) external {
        Draft memory d = _agreed();
        vm.warp(GENESIS + bound(later, 0, 60 days));
        if (block.timestamp >= d.offerUntil) {
            vm.expectRevert(
                abi.encodeWithSelector(IGrantRegistry.OfferLapsed.selector, d.offerUntil, uint40(block.timestamp))
            );
        }
        this.agreeAsSigned(d);
        d.offerUntil = 0;
        _expectInvalid(Clause.OFFER_UNTIL, 0);
        this.agreeAsSigned(d);
    }

    /// @notice Neither a one-sided nor a joint grant is agreed on by two sides alone, nor one that poses as part of more.
    function test_AgreesOnItsFormOnly() external {
        Draft memory d = _agreed();
        d.form = uint8(Form.ONE_SIDED);
        _expectInvalid(Clause.FORM, d.form);
        this.agreeAsSigned(d);
        d.form = uint8(Form.JOINT);
        _expectInvalid(Clause.FORM, d.form);
        this.agreeAsSigned(d);
        d = _agreed();
        d.agreement = keccak256("agreement");
        _expectInvalid(Clause.AGREEMENT, uint256(d.agreement));
        this.agreeAsSigned(d);
    }

    /// @notice The sides, the rights and the product are looked at as when one side issues.
    function test_AgreementsObeyTheRulesOfGrants() external {
        Draft memory d = _agreed();
        d.grantee = members[0];
        GrantId grant = d.idOf(address(grants));
        bytes memory packed = d.pack();
        Approval memory one = _signed(0, grant);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GranteeIsGrantor.selector, members[0]));
        grants.agree(packed, one, one);
        d = _agreed();
        d.product = product;
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.RightsMissing.selector, product, members[0], 0, 6));
        this.agreeAsSigned(d);
        vm.prank(accounts[0]);
        products.retire(agreed);
        vm.expectRevert(abi.encodeWithSelector(IProductRegistry.ProductNotInForce.selector, agreed, 2));
        this.agreeAsSigned(_agreed());
    }

    /// @notice Only products of the public profile are given into operation, with a mode, an end, and within five years.
    function test_OperationOfPublicData() external {
        Draft memory d = _agreed();
        d.mode = uint8(Mode.WHOLE);
        _expectInvalid(Clause.MODE, d.mode);
        this.agreeAsSigned(d);
        d.template = uint8(Template.PUBLIC_OPERATION);
        d.mode = uint8(Mode.NONE);
        _expectInvalid(Clause.MODE, 0);
        this.agreeAsSigned(d);
        d.mode = uint8(Mode.SCENARIO);
        _expectInvalid(Clause.SCOPE, 0);
        this.agreeAsSigned(d);
        d.scope = "winter wheat";
        d.validUntil = 0;
        _expectInvalid(Clause.VALID_UNTIL, 0);
        this.agreeAsSigned(d);
        // 2027-01-15 16:00 at UTC+8, and five years on: two of them leap years.
        uint40 limit = GENESIS + 1826 days;
        d.validUntil = limit + 1;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OperationTooLong.selector, d.validUntil, limit));
        this.agreeAsSigned(d);
        d.validUntil = limit;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ProfileNotPublic.selector, agreed, Profile.OPEN));
        this.agreeAsSigned(d);
    }

    /* SIGNATURES */

    /// @notice No field can be changed after signing: every other form of the clauses is another grant.
    function testFuzz_SignedClausesCannotBend(uint256 place, uint8 bits) external {
        Draft memory d = _agreed();
        GrantId grant = d.idOf(address(grants));
        bytes memory packed = d.pack();
        Approval memory one = _signed(0, grant);
        Approval memory two = _signed(1, grant);
        place = bound(place, 0, packed.length - 1);
        vm.assume(bits != 0);
        packed[place] = bytes1(uint8(packed[place]) ^ bits);
        try grants.agree(packed, one, two) {
            vm.assertTrue(false, "bent clauses were taken");
        } catch {}
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_UNKNOWN);
    }

    /// @notice No bit of a signature can be changed, and only 65 bytes are one.
    function testFuzz_SignaturesCannotBend(uint256 place, uint8 bits, uint8 length) external {
        Draft memory d = _agreed();
        bytes32 digest = GrantId.unwrap(d.idOf(address(grants)));
        Approval memory bent = _signed(0, digest);
        place = bound(place, 0, 64);
        vm.assume(bits != 0);
        bent.signature[place] = bytes1(uint8(bent.signature[place]) ^ bits);
        _refuseSigned(d, bent, digest);
        bent.signature = new bytes(length == 65 ? 64 : length);
        _refuseSigned(d, bent, digest);
    }

    /// @notice The other half of the curve, odd recovery bytes, and short forms are no signatures.
    function test_MalleableFormsAreRefused() external {
        Draft memory d = _agreed();
        bytes32 digest = GrantId.unwrap(d.idOf(address(grants)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secrets[0], digest);
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        _refuseForm(d, digest, abi.encodePacked(r, high, v == 27 ? uint8(28) : uint8(27)));
        _refuseForm(d, digest, abi.encodePacked(r, high, v));
        _refuseForm(d, digest, abi.encodePacked(r, s, v - 27));
        _refuseForm(d, digest, abi.encodePacked(r, s, v == 27 ? uint8(28) : uint8(27)));
        _refuseForm(d, digest, abi.encodePacked(r, s, uint8(29)));
        _refuseForm(d, digest, abi.encodePacked(r, s));
        _refuseForm(d, digest, abi.encodePacked(r, s, v, uint8(0)));
        _refuseForm(d, digest, abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255)));
        _refuseForm(d, digest, "");
        _refuseForm(d, digest, new bytes(65));
    }

    /// @notice A digest for another chain, another contract, another name or version is another digest.
    function testFuzz_DomainsAreApart(uint64 chain, address verifier, bool renamed) external {
        vm.assume(chain != block.chainid && verifier != address(grants));
        Draft memory d = _agreed();
        bytes32 digest = GrantId.unwrap(d.idOf(address(grants)));
        bytes32 terms = keccak256(
            abi.encode(
                keccak256(bytes.concat("Terms(bytes32 parent,Clauses clauses)", bytes(Drafts.CLAUSES_TYPE))),
                bytes32(0),
                d.hash()
            )
        );
        _refuseSigned(d, _signed(0, _domained("Dengji", "1", chain, address(grants), terms)), digest);
        _refuseSigned(d, _signed(0, _domained("Dengji", "1", block.chainid, verifier, terms)), digest);
        string memory name = renamed ? "Dengji2" : "Dengji";
        _refuseSigned(
            d, _signed(0, _domained(name, renamed ? "1" : "2", block.chainid, address(grants), terms)), digest
        );
        Approval memory right = _signed(0, _domained("Dengji", "1", block.chainid, address(grants), terms));
        grants.agree(d.pack(), right, _signed(1, digest));
    }

    /// @notice Each side signs for itself: neither the other's nor a stranger's signature stands for it.
    function testFuzz_EachSideSigns(uint8 signer) external {
        uint256 who = bound(signer, 1, MOST_LEVELS);
        Draft memory d = _agreed();
        GrantId grant = d.idOf(address(grants));
        bytes memory packed = d.pack();
        Approval memory wrong = _signed(who, grant);
        Approval memory two = _signed(1, grant);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.SignerMismatch.selector, members[0], accounts[who]));
        grants.agree(packed, wrong, two);
        // Another's signature under the right name.
        wrong.signer = accounts[0];
        _refuseSigned(d, wrong, GrantId.unwrap(grant));
        Approval memory one = _signed(0, grant);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.SignerMismatch.selector, members[1], accounts[0]));
        grants.agree(packed, one, one);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyUnknown.selector, address(0)));
        grants.agree(packed, _none(), two);
    }

    /// @notice A suspended side signs nothing, and neither does anyone in a pause.
    function test_SuspendedSidesSignNothing() external {
        Draft memory d = _agreed();
        parties.suspend(members[1], Reason.RISK, 0);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.PartyInactive.selector, members[1], Standing.SUSPENDED));
        this.agreeAsSigned(d);
        parties.resume(members[1], 0);
        uint40 until = GENESIS + 6 days;
        _administer(address(parties), abi.encodeCall(IPartyRegistry.pauseWrites, (until)));
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.WritesArePaused.selector, until));
        this.agreeAsSigned(d);
    }

    /// @notice Rotating a key kills the offers it signed; its successor's signature stands.
    function test_RotatedKeysSignNothing() external {
        Draft memory d = _agreed();
        uint256 secret = uint256(keccak256("successor"));
        address successor = vm.addr(secret);
        Wanted memory wanted = KeyConsents.controller(members[0], successor, GENESIS);
        bytes memory consent = wanted.sign(secret, address(parties));
        vm.prank(accounts[0]);
        parties.rotate(successor, GENESIS, consent);
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyClosed.selector, accounts[0], GENESIS));
        this.agreeAsSigned(d);
        (secrets[0], accounts[0]) = (secret, successor);
        this.agreeAsSigned(d);
    }

    /// @notice An agent signs agreements with the scope for it, and with no other.
    function testFuzz_AgentsSignWithinTheirScope(uint16 scopes) external {
        scopes = uint16(bound(scopes, 1, Scope.ALL));
        Draft memory d = _agreed();
        uint256 secret = uint256(keccak256("agent"));
        address agent = vm.addr(secret);
        Wanted memory wanted = KeyConsents.agent(members[0], agent, scopes, GENESIS + 10, GENESIS);
        bytes memory consent = wanted.sign(secret, address(parties));
        vm.prank(accounts[0]);
        parties.appointAgent(agent, scopes, GENESIS + 10, GENESIS, consent);
        (secrets[0], accounts[0]) = (secret, agent);
        if (scopes & Scope.GRANT == 0) {
            vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, scopes, Scope.GRANT));
        }
        this.agreeAsSigned(d);
        vm.warp(GENESIS + 10);
        d.salt = 8;
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.KeyClosed.selector, agent, GENESIS + 10));
        this.agreeAsSigned(d);
    }

    /// @notice A wallet's word counts when it is plain, and nothing that it does instead can harm.
    function testFuzz_WalletsAreAsked(uint8 kind) external {
        Manner manner = Manner(bound(kind, 0, uint8(type(Manner).max)));
        Wallet wallet = new Wallet(manner, grants);
        Draft memory d = _agreed();
        vm.prank(address(wallet));
        d.grantee = parties.enrol("wallet");
        GrantId grant = d.idOf(address(grants));
        bytes memory packed = d.pack();
        Approval memory one = _signed(0, grant);
        Approval memory two = Approval({signer: address(wallet), signature: "whatever it takes"});
        bool good = manner == Manner.AGREES || manner == Manner.RETURNS_TOO_MUCH;
        if (!good) {
            vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, address(wallet), grant));
        }
        uint256 before = gasleft();
        grants.agree(packed, one, two);
        // What a wallet may spend, what it may make us copy, and the agreement itself.
        vm.assertLe(before - gasleft(), 450_000);
        vm.assertTrue((grants.verdictOf(grant, 0) == Verdict.OK) == good);
    }

    /* VOIDING AND REPLACING */

    /// @notice Either side makes an offer void before it is submitted, for good; nobody else does.
    function testFuzz_VoidsOffers(bool byGrantor) external {
        Draft memory d = _agreed();
        bytes memory packed = d.pack();
        GrantId grant = d.idOf(address(grants));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantNotYours.selector, grant, other));
        vm.prank(OTHER);
        grants.voidOffer(GrantId.wrap(0), packed);
        vm.expectEmit(address(grants));
        emit IGrantRegistry.OfferVoided(grant, members[byGrantor ? 0 : 1], members[0], members[1]);
        vm.prank(accounts[byGrantor ? 0 : 1]);
        grants.voidOffer(GrantId.wrap(0), packed);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.GRANT_VOIDED);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OfferIsVoid.selector, grant));
        this.agreeAsSigned(d);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OfferIsVoid.selector, grant));
        vm.prank(accounts[0]);
        grants.voidOffer(GrantId.wrap(0), packed);
        d.form = uint8(Form.ONE_SIDED);
        packed = d.pack();
        _expectInvalid(Clause.FORM, 0);
        vm.prank(accounts[0]);
        grants.voidOffer(GrantId.wrap(0), packed);
    }

    /// @notice What was agreed on can no longer be made void.
    function test_VoidsNothingThatIsAgreed() external {
        Draft memory d = _agreed();
        GrantId grant = _agree(d);
        bytes memory packed = d.pack();
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantTaken.selector, grant));
        vm.prank(accounts[0]);
        grants.voidOffer(GrantId.wrap(0), packed);
    }

    /// @notice A renewal ends what it replaces in the same call; only the same sides renew, and only what lasts.
    function test_Replaces() external {
        GrantId old = _agree(_agreed());
        Draft memory d = _agreed();
        d.salt = 8;
        d.replaces = old;
        GrantId grant = d.idOf(address(grants));
        vm.expectEmit(address(grants));
        emit IGrantRegistry.GrantReplaced(old, grant);
        _agree(d);
        vm.assertTrue(grants.verdictOf(old, 0) == Verdict.GRANT_ENDED);
        vm.assertTrue(grants.verdictOf(grant, 0) == Verdict.OK);
        d.salt = 9;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantEndsAlready.selector, old, GENESIS));
        this.agreeAsSigned(d);
        d.replaces = GrantId.wrap("nothing");
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.GrantUnknown.selector, d.replaces));
        this.agreeAsSigned(d);
        d.replaces = _issue(_draft());
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ReplacedSidesDiffer.selector, d.replaces));
        this.agreeAsSigned(d);
    }

    /// @notice A renewal ends no grant of the same grantor to another, nor of another to the same grantee.
    function testFuzz_ReplacesNoneOfOthers(bool sameGrantor) external {
        Draft memory theirs = _draft();
        if (sameGrantor) (theirs.product, theirs.grantor, theirs.grantee) = (agreed, members[0], members[2]);
        else theirs.grantee = members[1];
        vm.prank(sameGrantor ? accounts[0] : HOLDER);
        GrantId other_ = grants.issue(theirs.pack());
        Draft memory d = _agreed();
        d.replaces = other_;
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ReplacedSidesDiffer.selector, other_));
        this.agreeAsSigned(d);
        vm.assertTrue(grants.verdictOf(other_, 0) == Verdict.OK);
    }

    /* JOINT AGREEMENTS */

    /// @notice Three parties sign once each, and all of their grants come to be together.
    function test_AgreesJointly() external {
        (bytes[] memory packed, GrantId[] memory ids, bytes32 digest) = _joint();
        Approval[] memory approvals = _approvals(digest);
        vm.prank(OTHER);
        GrantId[] memory made = grants.agreeJointly(packed, approvals);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertTrue(made[i] == ids[i]);
            vm.assertTrue(grants.verdictOf(ids[i], 0) == Verdict.OK);
            vm.assertTrue(grants.stateOf(ids[i]).origin == GrantOrigin.SIGNED);
        }
    }

    /// @notice With one signature missing, or one of another message, none of the grants comes to be.
    function testFuzz_JointlyAllOrNone(uint8 missing) external {
        uint256 without = bound(missing, 0, 2);
        (bytes[] memory packed, GrantId[] memory ids, bytes32 digest) = _joint();
        Approval[] memory all = _approvals(digest);
        Approval[] memory some = new Approval[](2);
        for (uint256 i = 0; i < 2; ++i) {
            some[i] = all[i < without ? i : i + 1];
        }
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ApprovalMissing.selector, members[without]));
        grants.agreeJointly(packed, some);
        all[without] = _signed(without, keccak256("another"));
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, accounts[without], digest));
        grants.agreeJointly(packed, all);
        for (uint256 i = 0; i < 3; ++i) {
            vm.assertTrue(grants.verdictOf(ids[i], 0) == Verdict.GRANT_UNKNOWN);
        }
    }

    /// @notice What no grant may say, no agreement may say either: notice beyond its field, a price of what is free.
    function testFuzz_AgreementsAreJudged(uint8 notice, uint64 price) external {
        Draft memory d = _agreed();
        d.noticeDays = 64 + notice % 192;
        _expectInvalid(Clause.NOTICE_DAYS, d.noticeDays);
        this.agreeAsSigned(d);
        vm.assume(price != 0);
        d = _agreed();
        (d.priceModel, d.unitPrice) = (uint8(PriceModel.FREE), price);
        _expectInvalid(Clause.PRICE, price);
        this.agreeAsSigned(d);
        d.unitPrice = 0;
        this.agreeAsSigned(d);
    }

    /// @notice An agreement is the whole list in its order: no grant is left out, added, exchanged or voided apart.
    function test_JointAgreementsAreWhole() external {
        (bytes[] memory packed, GrantId[] memory ids, bytes32 digest) = _joint();
        Approval[] memory approvals = _approvals(digest);
        bytes[] memory two = new bytes[](2);
        (two[0], two[1]) = (packed[0], packed[1]);
        (Draft[] memory bare, bytes32 agreement) = _jointDrafts(3);
        (bare[0].agreement, bare[1].agreement) = (0, 0);
        bytes32 part = keccak256(abi.encodePacked(bare[0].hash(), bare[1].hash()));
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.AgreementMismatch.selector, agreement, part));
        grants.agreeJointly(two, approvals);
        // Each carries the hash of one agreement, and lapses when the others do.
        (bare[0].agreement, bare[1].agreement) = (agreement, part);
        (two[0], two[1]) = (bare[0].pack(), bare[1].pack());
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.AgreementMismatch.selector, part, agreement));
        grants.agreeJointly(two, approvals);
        (bare[1].agreement, bare[1].offerUntil) = (agreement, bare[0].offerUntil + 1);
        two[1] = bare[1].pack();
        _expectInvalid(Clause.OFFER_UNTIL, bare[1].offerUntil);
        grants.agreeJointly(two, approvals);
        (packed[0], packed[1]) = (packed[1], packed[0]);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.AgreementUnordered.selector, 1));
        grants.agreeJointly(packed, approvals);
        (packed[0], packed[1]) = (packed[1], packed[0]);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.AgreementSizeInvalid.selector, 1));
        grants.agreeJointly(new bytes[](1), approvals);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.AgreementSizeInvalid.selector, 17));
        grants.agreeJointly(new bytes[](17), approvals);
        (Draft[] memory drafts,) = _jointDrafts(3);
        bytes memory one = drafts[0].pack();
        vm.prank(_accountOf(drafts[0]));
        grants.voidOffer(GrantId.wrap(0), one);
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.OfferIsVoid.selector, ids[0]));
        grants.agreeJointly(packed, approvals);
    }

    /* AIDS */

    /// @dev Signs and submits; external, so that a refusal is that of one call.
    function agreeAsSigned(Draft memory d) external {
        GrantId grant = d.idOf(address(grants));
        Approval memory one = _signed(0, grant);
        Approval memory two = _signed(1, grant);
        bytes memory packed = d.pack();
        grants.agree(packed, one, two);
    }

    function _refuseForm(Draft memory d, bytes32 digest, bytes memory signature) private {
        _refuseSigned(d, Approval({signer: accounts[0], signature: signature}), digest);
    }

    function _refuseSigned(Draft memory d, Approval memory approval, bytes32 digest) private {
        bytes memory packed = d.pack();
        Approval memory two = _signed(1, digest);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, approval.signer, digest));
        grants.agree(packed, approval, two);
    }

    function _domained(string memory name, string memory version, uint256 chain, address verifier, bytes32 terms)
        private
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chain,
                verifier
            )
        );
        return keccak256(bytes.concat(hex"1901", domain, terms));
    }

    /// @dev Members 0, 1, 2 grant their products to each other in a ring; in the order that the agreement has.
    function _joint() private returns (bytes[] memory packed, GrantId[] memory ids, bytes32 digest) {
        (Draft[] memory drafts, bytes32 agreement) = _jointDrafts(3);
        packed = new bytes[](3);
        ids = new GrantId[](3);
        for (uint256 i = 0; i < 3; ++i) {
            packed[i] = drafts[i].pack();
            ids[i] = drafts[i].idOf(address(grants));
        }
        bytes32 kind = keccak256("Agreement(bytes32 agreement,uint40 offerUntil)");
        digest = _digest(address(grants), keccak256(abi.encode(kind, agreement, drafts[0].offerUntil)));
    }

    function _jointDrafts(uint256 count) private returns (Draft[] memory drafts, bytes32 agreement) {
        drafts = new Draft[](count);
        bytes32[] memory bare = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            Draft memory d = _agreed();
            d.form = uint8(Form.JOINT);
            d.template = uint8(Template.FUSION);
            d.product = _jointProduct(i);
            d.grantor = members[i];
            d.grantee = members[(i + 1) % count];
            uint256 place = i;
            bytes32 hash = d.hash();
            for (; place > 0 && bare[place - 1] > hash; --place) {
                (bare[place], drafts[place]) = (bare[place - 1], drafts[place - 1]);
            }
            (bare[place], drafts[place]) = (hash, d);
        }
        agreement = keccak256(abi.encodePacked(bare));
        for (uint256 i = 0; i < count; ++i) {
            drafts[i].agreement = agreement;
        }
    }

    function _jointProduct(uint256 member) private returns (ProductId) {
        bytes32 seed = keccak256(abi.encode("joint", member));
        ProductId id = products.idOf(
            members[member], _registration(seed).contentRoot, _registration(seed).metadataHash, uint64(uint256(seed))
        );
        if (products.headOf(id).isNone()) _registerBy(accounts[member], _registration(seed));
        return id;
    }

    function _accountOf(Draft memory d) private view returns (address) {
        for (uint256 i = 0; i < 3; ++i) {
            if (members[i] == d.grantor) return accounts[i];
        }
        return address(0);
    }

    function _approvals(bytes32 digest) private view returns (Approval[] memory approvals) {
        approvals = new Approval[](3);
        for (uint256 i = 0; i < 3; ++i) {
            approvals[i] = _signed(i, digest);
        }
    }

    function _expectInvalid(Clause clause, uint256 value) private {
        vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.ClauseInvalid.selector, clause, value));
    }
}
// forge-lint: disable-end(unsafe-typecast)
