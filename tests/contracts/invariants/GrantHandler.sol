// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PartyRegistry} from "../../../contracts/PartyRegistry.sol";
import {ProductRegistry} from "../../../contracts/ProductRegistry.sol";
import {UsageMeter} from "../../../contracts/UsageMeter.sol";
import {IGrants} from "../../../contracts/interfaces/IGrants.sol";
import {Settlement} from "../../../contracts/interfaces/IUsageMeter.sol";
import {Approval, Path} from "../../../contracts/types/Approval.sol";
import {GrantId, NO_GRANT} from "../../../contracts/types/GrantId.sol";
import {Interval} from "../../../contracts/types/Interval.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Receipt} from "../../../contracts/types/Receipt.sol";
import {Usage} from "../../../contracts/types/Usage.sol";
import {AnnotationKind, Reason, SubDelegation} from "../../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "../Draft.sol";
import {RecordedLog, vm} from "../Vm.sol";
import {EventReplay} from "./EventReplay.sol";

/// @notice Issues, agrees, passes on, uses, settles, suspends, revokes, ends, notes on the product and lets time pass,
/// by calls that may be refused. It keeps what was made and what was used, never what state anything is in.
contract GrantHandler {
    using Drafts for Draft;

    uint256 public constant PARTIES = 4;
    uint64 private constant QUOTA = 500;

    PartyRegistry private immutable parties;
    ProductRegistry private immutable products;
    IGrants private immutable grants;
    UsageMeter private immutable meter;
    EventReplay public immutable replay;
    address private immutable court;

    uint256[] private secrets;
    PartyId[] private members;
    ProductId public product;

    Draft[] private drafts;
    GrantId[] public made;
    uint256[] public parentOf;
    uint256[] public used;
    uint256[] private receipts;
    uint256[] private settled;
    uint256[] public revoked;
    bool private landed;

    /// @dev Feeds the replay, and makes sure that no word was written that no event told of.
    modifier replayed() {
        vm.record();
        landed = false;
        _;
        RecordedLog[] memory told = vm.getRecordedLogs();
        // What a refused call told and wrote was taken back, and yet counts as told and written.
        if (!landed) return;
        replay.take(told);
        (, bytes32[] memory written) = vm.accesses(address(grants));
        replay.assertTold(address(grants), written);
        (, written) = vm.accesses(address(meter));
        replay.assertTold(address(meter), written);
    }

    constructor(
        PartyRegistry parties_,
        ProductRegistry products_,
        IGrants grants_,
        UsageMeter meter_,
        EventReplay replay_,
        address court_
    ) {
        (parties, products, grants, meter) = (parties_, products_, grants_, meter_);
        (replay, court) = (replay_, court_);
    }

    /// @notice Takes the parties and the product to play with.
    function begin(uint256[] calldata secrets_, PartyId[] calldata members_, ProductId product_) external {
        if (secrets.length != 0) return;
        (secrets, members, product) = (secrets_, members_, product_);
    }

    /* CALLS */

    function issue(uint64 quota, uint32 lasts, bool periodic, bool signed, uint8 notice) external replayed {
        Draft memory d = _draft(0);
        d.quotaTotal = 1 + quota % QUOTA;
        d.validUntil = uint40(block.timestamp) + 1 days + lasts % 300 days;
        d.noticeDays = notice % 64;
        if (periodic) (d.periodQuota, d.periodLength) = (1 + d.quotaTotal / 4, 5 days);
        if (signed) (d.form, d.offerUntil) = (1, uint40(block.timestamp) + 1);
        bytes memory packed = d.pack();
        GrantId grant = d.idOf(address(grants));
        if (signed) {
            try grants.agree(packed, _signed(0, grant), _signed(1, grant)) {
                _keep(d, grant, type(uint256).max);
            } catch {}
        } else {
            vm.prank(vm.addr(secrets[0]));
            try grants.issue(packed) {
                _keep(d, grant, type(uint256).max);
            } catch {}
        }
    }

    function passOn(uint256 seed, uint64 less, uint8 wider) external replayed {
        if (made.length == 0) return;
        uint256 parent = seed % made.length;
        Draft memory d = _child(parent, less);
        // One in eight is wider, and has to be refused.
        if (wider % 8 == 1) d.quotaTotal = drafts[parent].quotaTotal + 1;
        if (wider % 8 == 2) d.actions |= 4;
        Path memory path = Path({clauses: drafts[parent].pack(), above: _above(parent)});
        bytes memory packed = d.pack();
        vm.prank(_accountOf(d.grantor));
        try grants.issueUnder(path, packed, Approval({signer: address(0), signature: ""})) returns (GrantId grant) {
            _keep(d, grant, parent);
        } catch {}
    }

    function use(uint256 seed, uint64 amount) external replayed {
        if (made.length == 0) return;
        uint256 index = seed % made.length;
        amount = 1 + amount % 200;
        bytes32[] memory over = _above(index);
        bytes memory packed = drafts[index].pack();
        vm.prank(_accountOf(drafts[index].grantor));
        try grants.record(over, packed, Usage.wrap(1 << 128 | 1 << 96 | uint256(amount))) {
            _used(index, amount);
        } catch {}
    }

    function settle(uint256 seed, uint64 amount) external replayed {
        if (made.length == 0) return;
        uint256 index = seed % made.length;
        amount = 1 + amount % 100;
        Settlement[] memory one = new Settlement[](1);
        one[0].grant = made[index];
        uint256 said = settled[index] + amount;
        one[0].receipt = Receipt.wrap(said << 136 | (receipts[index] + 1) << 104 | 1 << 72 | 1 << 40 | block.timestamp);
        one[0].lineage = _lineage(index);
        one[0].clauses = drafts[index].pack();
        bytes32 digest = _receiptDigest(one[0].grant, one[0].receipt);
        one[0].grantor = _signed(_memberOf(drafts[index].grantor), GrantId.wrap(digest));
        one[0].grantee = _signed(_memberOf(drafts[index].grantee), GrantId.wrap(digest));
        try meter.settle(one) {
            (settled[index], receipts[index]) = (said, receipts[index] + 1);
            _used(index, amount);
        } catch {}
    }

    function suspend(uint256 seed, bool byCourt) external replayed {
        if (made.length == 0) return;
        uint256 index = seed % made.length;
        vm.prank(byCourt ? court : _accountOf(drafts[index].grantor));
        try grants.suspend(made[index], Reason.DISPUTE, bytes12(bytes32(seed))) {
            landed = true;
        } catch {}
    }

    function resume(uint256 seed) external replayed {
        if (made.length == 0) return;
        GrantId grant = made[seed % made.length];
        (uint256 total,) = grants.suspensionCount(grant);
        for (uint256 i = 0; i < total; ++i) {
            Interval memory interval = grants.suspension(grant, i);
            if (interval.to != 0) continue;
            bool courts = interval.by == parties.partyOf(court);
            vm.prank(courts ? court : _accountOf(interval.by));
            try grants.resume(grant, i) {
                landed = true;
            } catch {}
            return;
        }
    }

    function revoke(uint256 seed, uint8 who) external replayed {
        // Seldom, so that trees grow.
        if (made.length == 0 || seed % 3 != 0) return;
        uint256 index = (seed / 3) % made.length;
        address key = _accountOf(who % 2 == 0 ? drafts[index].grantor : drafts[index].grantee);
        vm.prank(who % 5 == 4 ? court : key);
        try grants.revoke(made[index], Reason.BREACH) {
            revoked.push(index);
            landed = true;
        } catch {}
    }

    function end(uint256 seed, uint32 later) external replayed {
        if (made.length == 0 || seed % 4 != 0) return;
        uint256 index = (seed / 4) % made.length;
        uint40 then = uint40(block.timestamp) + later % 20 days;
        bytes32 kind = keccak256("Ending(bytes32 grant,uint40 endsAt,uint40 deadline)");
        uint40 deadline = uint40(block.timestamp);
        bytes32 digest = _digest(address(grants), keccak256(abi.encode(kind, made[index], then, deadline)));
        Approval memory other = _signed(_memberOf(drafts[index].grantee), GrantId.wrap(digest));
        vm.prank(_accountOf(drafts[index].grantor));
        try grants.endByConsent(made[index], then, deadline, other) {
            landed = true;
        } catch {}
    }

    function void_(uint64 salt) external replayed {
        Draft memory d = _draft(0);
        (d.form, d.offerUntil, d.salt) = (1, uint40(block.timestamp) + 1, salt | 1 << 63);
        bytes memory packed = d.pack();
        vm.prank(vm.addr(secrets[1]));
        try grants.voidOffer(NO_GRANT, packed) {
            landed = true;
        } catch {}
    }

    function annotate(uint8 kind, bool releases, uint256 index) external replayed {
        vm.prank(court);
        if (releases) {
            try products.release(product, index % 8, 0) {
                landed = true;
            } catch {}
        } else {
            try products.annotate(product, AnnotationKind(kind % 3), Reason.DISPUTE, 0) {
                landed = true;
            } catch {}
        }
    }

    function pass(uint24 time) external {
        vm.warp(block.timestamp + time % 20 days);
        vm.roll(block.number + 1);
    }

    /* WHAT THE INVARIANTS ASK */

    function count() external view returns (uint256, uint256) {
        return (made.length, revoked.length);
    }

    function draft(uint256 index) external view returns (Draft memory) {
        return drafts[index];
    }

    function above(uint256 index) external view returns (bytes32[] memory) {
        return _above(index);
    }

    /* INTERNAL */

    function _draft(uint256 grantor) private view returns (Draft memory d) {
        d.rights = 4;
        d.product = product;
        d.grantor = members[grantor];
        d.grantee = members[grantor + 1];
        d.quotaUnit = 4;
        d.quotaTotal = QUOTA;
        d.salt = uint64(made.length);
        d.validUntil = uint40(block.timestamp) + 1 days;
        d.actions = 3;
        d.purposes = 3;
        d.subDelegation = uint8(SubDelegation.FREE);
        d.depth = 8;
    }

    /// @dev The next party in the ring gets at most what the parent has.
    function _child(uint256 parent, uint64 less) private view returns (Draft memory d) {
        d = drafts[parent];
        (d.form, d.offerUntil) = (0, 0);
        d.grantor = d.grantee;
        d.grantee = members[(_memberOf(d.grantor) + 1) % PARTIES];
        d.quotaTotal -= less % d.quotaTotal;
        if (d.periodQuota > d.quotaTotal) d.periodQuota = d.quotaTotal;
        d.salt = uint64(made.length);
        d.depth = d.depth == 0 ? 0 : d.depth - 1;
        if (d.depth == 0) d.subDelegation = 0;
    }

    function _keep(Draft memory d, GrantId grant, uint256 parent) private {
        landed = true;
        drafts.push(d);
        made.push(grant);
        parentOf.push(parent);
        used.push(0);
        receipts.push(0);
        settled.push(0);
    }

    function _used(uint256 index, uint256 amount) private {
        landed = true;
        for (; index != type(uint256).max; index = parentOf[index]) {
            used[index] += amount;
        }
    }

    function _lineage(uint256 index) private view returns (bytes32[] memory lineage) {
        bytes32[] memory over = _above(index);
        lineage = new bytes32[](over.length + 1);
        for (uint256 i = 0; i < over.length; ++i) {
            lineage[i] = over[i];
        }
        lineage[over.length] = drafts[index].hash();
    }

    function _above(uint256 index) private view returns (bytes32[] memory over) {
        uint256 levels;
        for (uint256 i = parentOf[index]; i != type(uint256).max; i = parentOf[i]) {
            ++levels;
        }
        over = new bytes32[](levels);
        for (uint256 i = parentOf[index]; i != type(uint256).max; i = parentOf[i]) {
            over[--levels] = drafts[i].hash();
        }
    }

    function _memberOf(PartyId party) private view returns (uint256) {
        for (uint256 i = 0; i < PARTIES; ++i) {
            if (members[i] == party) return i;
        }
        return 0;
    }

    function _accountOf(PartyId party) private view returns (address) {
        return vm.addr(secrets[_memberOf(party)]);
    }

    function _signed(uint256 member, GrantId digest) private view returns (Approval memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secrets[member], GrantId.unwrap(digest));
        return Approval({signer: vm.addr(secrets[member]), signature: abi.encodePacked(r, s, v)});
    }

    function _receiptDigest(GrantId grant, Receipt receipt) private view returns (bytes32) {
        uint256 bits = Receipt.unwrap(receipt);
        bytes32 kind = keccak256(
            "Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)"
        );
        // The casts keep exactly the bits of each field.
        // forge-lint: disable-start(unsafe-typecast)
        bytes memory fields = abi.encode(
            grant, uint64(bits >> 136), uint32(bits >> 104), uint32(bits >> 72), uint32(bits >> 40), uint40(bits)
        );
        // forge-lint: disable-end(unsafe-typecast)
        return _digest(address(meter), keccak256(bytes.concat(kind, fields)));
    }

    function _digest(address verifier, bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Dengji"),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(bytes.concat(hex"1901", domain, structHash));
    }
}
