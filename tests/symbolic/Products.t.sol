// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IProductRegistry, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Particulars, ProductState} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Reason} from "../../contracts/types/Vocabulary.sol";
import {svm, vm} from "./Svm.sol";
import {World} from "./World.sol";

/// @notice Who may do what with products, and that what is over stays over.
contract ProductProofs is World {
    function setUp() public {
        _placeParties();
        _placeProducts();
    }

    /// @notice Whoever registers is the applicant, may write, and takes nothing that was there.
    /// @dev Symbolic: storage, time, caller, digests, salt, another product. Bounded: plain particulars, of all rights.
    function check_RegistrationsAreOnesOwn(bytes32 content, bytes32 metadata, uint64 salt, bytes20 other) public {
        uint256 time = _anyTime();
        address caller = _anyone();
        bool may = _writes(caller, Scope.REGISTER);
        uint256 before = _headOf(other);
        vm.prank(caller);
        (bool done, bytes memory said) = PRODUCTS.call(
            abi.encodeCall(
                IProductRegistry.register,
                (Registration({
                        contentRoot: content,
                        metadataHash: metadata,
                        particulars: Particulars.wrap(uint256(salt) << 16 | 7 << 8)
                    }))
            )
        );
        vm.assume(done);
        uint256 head = _headOf(abi.decode(said, (bytes20)));
        assert(may && head >> 192 == _partyOf(caller) && uint40(head >> 102) == time);
        assert(before == 0 || _headOf(other) == before);
    }

    /// @notice Only a holder of HOLD updates or retires, with a key that registers; what is not moved is its applicant's.
    /// @dev Symbolic: storage, time, caller, product, digests, which of the two. Bounded: rights that have not moved.
    function check_OnlyHoldersUpdateAndRetire(bytes20 product, uint16 latest, bytes32 content, bool retire) public {
        _anyTime();
        address caller = _anyone();
        uint256 head = _headOf(product);
        vm.assume((head >> 162) & 1 == 0);
        bool may = _writes(caller, Scope.REGISTER) && head >> 192 == _partyOf(caller) && (head >> 163) & 1 == 1;
        ProductId id = ProductId.wrap(product);
        bytes memory call = retire
            ? abi.encodeCall(IProductRegistry.retire, (id))
            : abi.encodeCall(IProductRegistry.update, (id, latest, content, bytes32(0)));
        vm.prank(caller);
        (bool done,) = PRODUCTS.call(call);
        vm.assume(done);
        assert(may && _stateIn(head) == 1 && (head >> 172) & 0xf == 1);
    }

    /// @notice Only who holds what moves transfers it, of a product in force without seizure, control or dispute, to a
    /// party that is active.
    /// @dev Symbolic: storage, time, caller, product, receiver, rights. Bounded: the first transfer of a product.
    function check_OnlyHoldersTransfer(bytes20 product, uint64 to, uint8 rights) public {
        _anyTime();
        address caller = _anyone();
        uint256 head = _headOf(product);
        vm.assume((head >> 162) & 1 == 0);
        bool may = _writes(caller, Scope.TRANSFER) && head >> 192 == _partyOf(caller);
        vm.prank(caller);
        (bool done,) =
            PRODUCTS.call(abi.encodeCall(IProductRegistry.transfer, (ProductId.wrap(product), _party(to), rights)));
        vm.assume(done);
        assert(may && _standingOf(to) == ACTIVE && _partyOf(caller) != to);
        assert(_stateIn(head) == 1 && (head >> 44) & 0x3ffff == 0 && rights & ~((head >> 163) & 7) == 0);
    }

    /// @notice Only the desk settles and moves by cases; only the registry of derivations confines and extends.
    /// @dev Symbolic: storage, time, caller, which entry, what is given to it.
    function check_InnerEntriesAreForTheirContracts(uint64 from, uint64 to, uint8 act, uint256 word) public {
        _anyTime();
        address caller = svm.createAddress("caller");
        ProductId id = ProductId.wrap(bytes20(uint160(word)));
        bytes32 digest = bytes32(word);
        vm.assume(act < 5);
        bytes memory call = act == 0
            ? abi.encodeCall(IProductRegistry.settle, (id, ProductState.REGISTERED, 1, uint40(word), 0))
            : act == 1
                ? abi.encodeCall(IProductRegistry.move, (id, _party(from), _party(to), 1))
                : act == 2
                    ? abi.encodeCall(IProductRegistry.advance, (id, _party(from), digest, digest))
                    : act == 3
                        ? abi.encodeCall(IProductRegistry.confine, (id, uint32(word)))
                        : abi.encodeCall(IProductRegistry.extend, (id, _party(from), uint16(word), digest, digest));
        vm.prank(caller);
        (bool done,) = PRODUCTS.call(call);
        vm.assume(done);
        assert(caller == (act < 3 ? DESK : LINEAGE));
    }

    /// @notice Only an office annotates: a court seizes, a regulator controls; a registrar may dispute what it has.
    /// @dev Symbolic: storage, time, caller, product, evidence, which of the three kinds.
    function check_OnlyOfficesAnnotate(bytes20 product, bytes32 evidence, uint8 kind) public {
        _anyTime();
        address caller = _anyone();
        vm.assume(kind < 3);
        uint64 by = _partyOf(caller);
        uint256 roles = _rolesOf(by);
        bool writes = _writes(caller, Scope.DECIDE);
        vm.prank(caller);
        (bool done,) = PRODUCTS.call(
            abi.encodeCall(
                IProductRegistry.annotate, (ProductId.wrap(product), AnnotationKind(kind), Reason.BREACH, evidence)
            )
        );
        vm.assume(done);
        uint256 needed = kind == 1 ? Role.REGULATOR : kind == 0 ? Role.COURT : Role.COURT | Role.REGISTRAR;
        assert(writes && roles & needed != 0);
    }
}
