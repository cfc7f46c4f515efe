// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ClausesCodec} from "../../../contracts/libraries/ClausesCodec.sol";
import {WordBuffer, Words} from "../../../contracts/libraries/Words.sol";
import {Debit, DebitLibrary} from "../../../contracts/types/Debit.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {
    Receipt,
    ReceiptLibrary,
    SettledWord,
    SettledWordLibrary,
    SubjectWord,
    SubjectWordLibrary
} from "../../../contracts/types/Receipt.sol";
import {vm} from "../Vm.sol";

/// @notice The words of receipts and debits, against what they say written out.
contract ReceiptTest {
    bytes32 private constant KIND =
        keccak256("Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)");

    /// @notice Receipts hash as EIP-712 says, one after the other in the same place.
    function testFuzz_Hashes(GrantId[2] calldata grants, uint64 sum, uint32[3] calldata masks, uint40 time)
        external
        pure
    {
        WordBuffer message = ReceiptLibrary.message();
        for (uint256 i = 0; i < 2; ++i) {
            Receipt receipt = _receipt(sum, masks[i], masks[1], masks[2], time);
            bytes32 told = keccak256(abi.encode(KIND, grants[i], sum, masks[i], masks[1], masks[2], time));
            vm.assertEq(receipt.hash(grants[i], message), told);
        }
    }

    /// @notice What stands after a receipt is its sum, its number and its time.
    function testFuzz_Stands(uint64 sum, uint32 sequence, uint32 purpose, uint32 action, uint40 time) external pure {
        SettledWord word = SettledWordLibrary.afterReceipt(_receipt(sum, sequence, purpose, action, time));
        vm.assertEq(word.cumulative(), sum);
        vm.assertEq(word.sequence(), sequence);
        vm.assertEq(word.usedAt(), time);
        vm.assertEq(SettledWord.unwrap(word) >> 136, 0);
    }

    /// @notice A receipt is part of what stands when neither its number nor its sum goes beyond, and something stands.
    function testFuzz_Includes(uint64[2] memory sums, uint32[2] memory numbers, uint8 alike) external pure {
        if (alike & 1 != 0) sums[1] = sums[0];
        if (alike & 2 != 0) numbers[1] = numbers[0];
        SettledWord word = SettledWordLibrary.afterReceipt(_receipt(sums[0], numbers[0], 1, 1, 5));
        Receipt receipt = _receipt(sums[1], numbers[1], 2, 2, 9);
        vm.assertTrue(word.includes(receipt) == (sums[1] <= sums[0] && numbers[1] <= numbers[0]));
        vm.assertFalse(SettledWord.wrap(0).includes(receipt));
    }

    /// @notice A receipt is covered when it names purpose and action and none that is not granted.
    function testFuzz_Covers(uint32[2] calldata granted, uint32[2] memory done, bytes20 product, uint32 from, uint8 cut)
        external
        pure
    {
        if (cut & 1 != 0) done[0] &= granted[0];
        if (cut & 2 != 0) done[1] &= granted[1];
        if (cut & 12 == 4) done[0] = 0;
        if (cut & 12 == 8) done[1] = 0;
        SubjectWord subject = SubjectWordLibrary.make(ProductId.wrap(product), granted[0], granted[1], from);
        vm.assertEq(subject.purposes(), granted[0]);
        vm.assertEq(subject.actions(), granted[1]);
        bool covered = done[0] != 0 && done[1] != 0 && done[0] & ~granted[0] == 0 && done[1] & ~granted[1] == 0;
        vm.assertTrue(subject.covers(_receipt(1, 1, done[0], done[1], 5)) == covered);
    }

    /// @notice A debit says what it was made of.
    function testFuzz_Debits(PartyId grantor, PartyId grantee, uint24 words, uint40 time, uint64 amount) external pure {
        Debit debit = DebitLibrary.make(grantor, grantee, words, time, amount);
        vm.assertTrue(debit.grantor() == grantor && debit.grantee() == grantee);
        vm.assertEq(debit.words(), words);
        vm.assertEq(debit.usedAt(), time);
        vm.assertEq(debit.amount(), amount);
    }

    /// @notice Terms hash as EIP-712 says, and leave memory as it was handed out.
    function testFuzz_HashesTerms(GrantId parent, bytes32 clauses) external pure {
        bytes memory before = "handed out before";
        vm.assertEq(
            ClausesCodec.termsHash(parent, clauses), keccak256(abi.encode(ClausesCodec.TERMS_TYPEHASH, parent, clauses))
        );
        vm.assertEq(before, "handed out before");
    }

    /// @notice A buffer begins as zeros, also where memory was written before, and what comes after it lies elsewhere.
    function testFuzz_BuffersAreZero(uint8 count, uint256 dirt) external pure {
        assembly ("memory-safe") {
            let space := mload(0x40)
            for { let i := 0 } lt(i, 300) { i := add(i, 1) } { mstore(add(space, shl(5, i)), not(dirt)) }
        }
        WordBuffer buffer = Words.allocate(count);
        bytes memory next = abi.encode(dirt);
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(buffer.get(i), 0);
            buffer.put(i, i + 1);
        }
        vm.assertEq(next, abi.encode(dirt));
        bytes memory data = buffer.asBytes();
        vm.assertEq(data.length, 32 * uint256(count));
        for (uint256 i = 0; i < count; ++i) {
            vm.assertEq(uint256(uint8(data[32 * i + 31])), i + 1);
        }
        buffer.cut(count / 2);
        vm.assertEq(data.length, 32 * uint256(count / 2));
        vm.assertEq(next, abi.encode(dirt));
    }

    function _receipt(uint64 sum, uint32 sequence, uint32 purpose, uint32 action, uint40 time)
        private
        pure
        returns (Receipt)
    {
        return Receipt.wrap(
            uint256(sum) << 136 | uint256(sequence) << 104 | uint256(purpose) << 72 | uint256(action) << 40
                | uint256(time)
        );
    }
}
