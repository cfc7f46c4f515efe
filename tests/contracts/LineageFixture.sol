// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Basis, Derivation, Source} from "../../contracts/types/Derivation.sol";
import {GrantId} from "../../contracts/types/GrantId.sol";
import {PartyId} from "../../contracts/types/PartyId.sol";
import {Particulars} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {Action, Activity, Source as Origin} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {Draft, Drafts} from "./Draft.sol";
import {vm} from "./Vm.sol";

/// @notice Derivations, and a second reckoning of their digests.
abstract contract LineageFixture is AgreementFixture {
    using Drafts for Draft;

    /* SOURCES */

    function _own(ProductId source, uint16 version) internal pure returns (Basis memory basis) {
        (basis.product, basis.version) = (source, version);
    }

    /// @dev Version 1 of the product, under the grant drafted.
    function _granted(Draft memory d) internal pure returns (Basis memory basis) {
        (basis.product, basis.version, basis.clauses) = (d.product, 1, d.pack());
    }

    /// @dev Of the holder to the buyer, with the action that deriving needs.
    function _deriving() internal view returns (Draft memory d) {
        d = _draft();
        d.actions |= Action.DERIVE;
    }

    /// @dev The same of another product of the holder's, for these purposes, issued.
    function _issuedFor(bytes32 seed, uint32 purposes) internal returns (Draft memory d) {
        d = _deriving();
        (d.product, d.purposes) = (_register(seed), purposes);
        _issue(d);
    }

    /* DERIVATIONS */

    function _of(Basis memory one, uint32 purposes) internal pure returns (Derivation memory) {
        Basis[] memory sources = new Basis[](1);
        sources[0] = one;
        return _of(sources, purposes);
    }

    function _of(Basis memory one, Basis memory two, uint32 purposes) internal pure returns (Derivation memory) {
        Basis[] memory sources = new Basis[](2);
        (sources[0], sources[1]) = _place(one) < _place(two) ? (one, two) : (two, one);
        return _of(sources, purposes);
    }

    function _of(Basis[] memory sources, uint32 purposes) internal pure returns (Derivation memory d) {
        d.activity = Activity.AGGREGATION;
        d.purposes = purposes;
        d.method = keccak256("method");
        d.sources = sources;
    }

    /// @dev So many products of the holder's as own sources, in order.
    function _ownSources(uint256 count) internal returns (Basis[] memory sources) {
        sources = new Basis[](count);
        for (uint256 i = 0; i < count; ++i) {
            sources[i] = _own(_register(keccak256(abi.encode("source", i))), 1);
        }
        _sort(sources);
    }

    function _sort(Basis[] memory sources) internal pure {
        for (uint256 i = 1; i < sources.length; ++i) {
            for (uint256 j = i; j > 0 && _place(sources[j]) < _place(sources[j - 1]); --j) {
                (sources[j], sources[j - 1]) = (sources[j - 1], sources[j]);
            }
        }
    }

    function _place(Basis memory basis) internal pure returns (uint256) {
        return uint256(uint160(ProductId.unwrap(basis.product))) << 16 | basis.version;
    }

    function _derivedRegistration(bytes32 seed) internal pure returns (Registration memory registration) {
        registration = _registration(seed);
        uint256 word = Particulars.unwrap(registration.particulars);
        registration.particulars = Particulars.wrap(word | uint256(uint8(Origin.DERIVED)) << 80);
    }

    function _derive(address key, bytes32 seed, Derivation memory derivation) internal returns (ProductId) {
        vm.prank(key);
        return lineage.register(_derivedRegistration(seed), derivation);
    }

    /* DIGESTS */

    /// @dev Word by word, by concatenation.
    function _digestOf(ProductId made, uint16 version, PartyId by, Derivation memory d, GrantId[] memory under)
        internal
        view
        returns (bytes32)
    {
        bytes memory agents = abi.encode(uint256(32), d.agents.length);
        for (uint256 i = 0; i < d.agents.length; ++i) {
            agents = bytes.concat(agents, abi.encode(uint256(PartyId.unwrap(d.agents[i]))));
        }
        bytes memory sources = abi.encode(uint256(32), d.sources.length);
        for (uint256 i = 0; i < d.sources.length; ++i) {
            bytes32 product = bytes32(ProductId.unwrap(d.sources[i].product));
            sources = bytes.concat(sources, abi.encode(product, uint256(d.sources[i].version), under[i]));
        }
        bytes memory head = abi.encode(bytes32(ProductId.unwrap(made)), uint256(version), uint256(PartyId.unwrap(by)));
        bytes memory how = abi.encode(block.timestamp, uint256(uint8(d.activity)), uint256(d.purposes), d.method);
        return keccak256(bytes.concat(head, how, keccak256(agents), keccak256(sources)));
    }

    function _sourcesOf(Derivation memory d, GrantId[] memory under) internal pure returns (Source[] memory sources) {
        sources = new Source[](d.sources.length);
        for (uint256 i = 0; i < sources.length; ++i) {
            sources[i] = Source({product: d.sources[i].product, version: d.sources[i].version, grant: under[i]});
        }
    }

    function _ids(GrantId one) internal pure returns (GrantId[] memory ids) {
        ids = new GrantId[](1);
        ids[0] = one;
    }
}
