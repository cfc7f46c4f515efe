// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Approval, Path} from "../../contracts/types/Approval.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Receipt} from "../../contracts/types/Receipt.sol";
import {Usage} from "../../contracts/types/Usage.sol";
import {Action, Form, Purpose, SubDelegation} from "../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "./Draft.sol";
import {GrantFixture} from "./GrantFixture.sol";
import {vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small, or of text shorter than a word.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Parties whose keys the tests sign with, and chains of sub-grants from the first down.
abstract contract AgreementFixture is GrantFixture {
    using Drafts for Draft;

    uint256 internal constant MOST_LEVELS = 10;

    /// @dev Private keys and parties: 0 and 1 are the sides of agreements, each grants to the next.
    uint256[] internal secrets;
    address[] internal accounts;
    PartyId[] internal members;
    ProductId internal agreed;

    function setUp() public virtual override {
        super.setUp();
        for (uint256 i = 0; i <= MOST_LEVELS; ++i) {
            secrets.push(uint256(keccak256(abi.encode("member", i))));
            accounts.push(vm.addr(secrets[i]));
            members.push(_enrol(accounts[i]));
        }
        agreed = _registerBy(accounts[0], _registration("agreed"));
    }

    /* DRAFTS */

    /// @dev Members 0 and 1 agree; the grant may be passed on freely, eight levels deep.
    function _agreed() internal view returns (Draft memory d) {
        d = _draft();
        d.product = agreed;
        d.form = uint8(Form.TWO_SIDED);
        d.grantor = members[0];
        d.grantee = members[1];
        d.offerUntil = GENESIS + 30 days;
    }

    /// @dev Of member 0 to member 1, to be passed on freely, eight levels deep.
    function _top() internal view returns (Draft memory d) {
        d = _draft();
        d.product = agreed;
        d.grantor = members[0];
        d.grantee = members[1];
        d.subDelegation = uint8(SubDelegation.FREE);
        d.depth = 8;
    }

    /// @dev What the grantee of `d` passes on to the next member, as wide as it may be.
    function _below(Draft memory d, uint256 level) internal view returns (Draft memory child) {
        child = d;
        child.form = uint8(Form.ONE_SIDED);
        child.offerUntil = 0;
        child.grantor = members[level];
        child.grantee = members[level + 1];
        child.depth = d.depth - 1;
        if (child.depth == 0) child.subDelegation = uint8(SubDelegation.NONE);
    }

    function _copy(Draft memory d) internal pure returns (Draft memory) {
        return abi.decode(abi.encode(d), (Draft));
    }

    /* CHAINS */

    /// @dev Issues `levels` sub-grants under a top grant.
    /// @return drafts the clauses from the top down
    /// @return ids their ids
    function _chain(uint256 levels) internal returns (Draft[] memory drafts, GrantId[] memory ids) {
        drafts = new Draft[](levels + 1);
        ids = new GrantId[](levels + 1);
        drafts[0] = _top();
        vm.prank(accounts[0]);
        ids[0] = grants.issue(drafts[0].pack());
        for (uint256 i = 1; i <= levels; ++i) {
            drafts[i] = _below(_copy(drafts[i - 1]), i);
            ids[i] = _issueUnder(drafts, i);
        }
    }

    function _issueUnder(Draft[] memory drafts, uint256 level) internal returns (GrantId) {
        Path memory path = _path(drafts, level);
        bytes memory packed = drafts[level].pack();
        vm.prank(accounts[level]);
        return grants.issueUnder(path, packed, _none());
    }

    /// @dev The way down to the parent of the draft at `level`.
    function _path(Draft[] memory drafts, uint256 level) internal pure returns (Path memory path) {
        path.clauses = drafts[level - 1].pack();
        path.above = _above(drafts, level - 1);
    }

    /// @dev The hashes of the clauses above `level`, from the top down.
    function _above(Draft[] memory drafts, uint256 level) internal pure returns (bytes32[] memory above) {
        above = new bytes32[](level);
        for (uint256 i = 0; i < level; ++i) {
            above[i] = drafts[i].hash();
        }
    }

    /* SIGNATURES */

    function _none() internal pure returns (Approval memory none) {}

    function _signed(uint256 member, bytes32 digest) internal view returns (Approval memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(secrets[member], digest);
        return Approval({signer: accounts[member], signature: abi.encodePacked(r, s, v)});
    }

    function _signed(uint256 member, GrantId grant) internal view returns (Approval memory) {
        return _signed(member, GrantId.unwrap(grant));
    }

    /// @dev The digest of a struct in the domain of a contract of ours, computed apart from the contracts.
    function _digest(address verifier, bytes32 structHash) internal view returns (bytes32) {
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

    function _consentDigest(GrantId grant) internal view returns (bytes32) {
        return _digest(address(grants), keccak256(abi.encode(keccak256("Consent(bytes32 grant)"), grant)));
    }

    function _endingDigest(GrantId grant, uint40 endsAt, uint40 deadline) internal view returns (bytes32) {
        bytes32 kind = keccak256("Ending(bytes32 grant,uint40 endsAt,uint40 deadline)");
        return _digest(address(grants), keccak256(abi.encode(kind, grant, endsAt, deadline)));
    }

    function _agree(Draft memory d) internal returns (GrantId) {
        GrantId grant = d.idOf(address(grants));
        return grants.agree(d.pack(), _signed(0, grant), _signed(1, grant));
    }

    /* USE */

    function _usage(uint64 amount) internal pure returns (Usage) {
        return Usage.wrap(
            uint256(Purpose.RESEARCH) << 128 | uint256(Action.ANALYSE) << 96 | uint256(156_410_100) << 64 | amount
        );
    }

    function _receipt(uint64 cumulative, uint32 sequence) internal view returns (Receipt) {
        return Receipt.wrap(
            uint256(cumulative) << 136 | uint256(sequence) << 104 | uint256(Purpose.RESEARCH) << 72
                | uint256(Action.ANALYSE) << 40 | block.timestamp
        );
    }

    function _receiptDigest(GrantId grant, Receipt receipt) internal view returns (bytes32) {
        uint256 bits = Receipt.unwrap(receipt);
        bytes32 kind = keccak256(
            "Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)"
        );
        bytes memory fields = abi.encode(
            grant, uint64(bits >> 136), uint32(bits >> 104), uint32(bits >> 72), uint32(bits >> 40), uint40(bits)
        );
        return _digest(address(meter), keccak256(bytes.concat(kind, fields)));
    }
}
// forge-lint: disable-end(unsafe-typecast)
