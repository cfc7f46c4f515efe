// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Lineage} from "../../../contracts/Lineage.sol";
import {UsageMeter} from "../../../contracts/UsageMeter.sol";
import {IGrantRegistry} from "../../../contracts/interfaces/IGrantRegistry.sol";
import {DerivedRegistration} from "../../../contracts/interfaces/ILineage.sol";
import {IProductRegistry, Registration} from "../../../contracts/interfaces/IProductRegistry.sol";
import {Settlement} from "../../../contracts/interfaces/IUsageMeter.sol";
import {Approval} from "../../../contracts/types/Approval.sol";
import {Basis} from "../../../contracts/types/Derivation.sol";
import {GrantId} from "../../../contracts/types/GrantId.sol";
import {PartyId} from "../../../contracts/types/PartyId.sol";
import {ProductId} from "../../../contracts/types/ProductId.sol";
import {Receipt} from "../../../contracts/types/Receipt.sol";
import {Usage} from "../../../contracts/types/Usage.sol";
import {Activity, Reason, Rights} from "../../../contracts/types/Vocabulary.sol";
import {Draft, Drafts} from "../Draft.sol";
import {vm} from "../Vm.sol";
import {AnchorHandler, Registries} from "./AnchorHandler.sol";
import {LedgerHandler} from "./LedgerHandler.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice Batches of registrations, derivations, grants, receipts and revocations by the parties of a `LedgerHandler`,
/// in any order. One of a batch is spoiled now and then: all of it must be refused then, for that one's reason.
contract BatchHandler is AnchorHandler {
    using Drafts for Draft;

    uint256 private constant MOST_ITEMS = 5;
    uint64 private constant QUOTA = 40;

    UsageMeter private immutable meter;
    Lineage private immutable lineage;

    ProductId[] public derived;
    mapping(ProductId product => ProductId) public sourceOf;
    /// @notice What refused batches would have made.
    ProductId[] public refusedProducts;

    Draft[] private drafts;
    GrantId[] public issued;
    uint256[] public used;
    uint256[] public settled;
    uint256[] public receipts;
    bool[] public revoked;

    constructor(Registries memory r, LedgerHandler ledger_) AnchorHandler(r, ledger_) {
        (meter, lineage) = (r.meter, r.lineage);
    }

    /* PRODUCTS */

    function registerBatch(uint256 seed, uint256 count, uint8 spoiled) external replayed {
        (address key, PartyId party) = ledger.activeKey(seed);
        if (key == address(0) || made.length > MOST_PRODUCTS) return;
        Registration[] memory items = new Registration[](2 + count % (MOST_ITEMS - 1));
        for (uint256 i = 0; i < items.length; ++i) {
            items[i] = _registration("batch", salts++, i);
        }
        uint256 place = spoiled / 8 % items.length;
        bytes4 refusal;
        if (spoiled % 8 == 1) {
            items[place].contentRoot = 0;
            refusal = IProductRegistry.ContentRootMissing.selector;
        } else if (spoiled % 8 == 2) {
            items[place] = items[(place + 1) % items.length];
            refusal = IProductRegistry.ProductTaken.selector;
        }
        bytes memory call = abi.encodeCall(products.registerBatch, (items));
        if (refusal != 0) return _refuseProducts(key, party, items, call, refusal);
        _done(key, address(products), call);
        for (uint256 i = 0; i < items.length; ++i) {
            _keepMade(_idOf(party, items[i]), block.timestamp);
        }
        ++reached["registerBatch"];
    }

    function deriveBatch(uint256 seed, uint256 count, bool spoiled) external replayed {
        (ProductId source, address key, PartyId party) = _ownProduct(seed);
        if (key == address(0) || derived.length > MOST_PRODUCTS) return;
        DerivedRegistration[] memory items = new DerivedRegistration[](2 + count % (MOST_ITEMS - 1));
        for (uint256 i = 0; i < items.length; ++i) {
            items[i].registration = _registration("derived", salts++, i);
            items[i].derivation.activity = Activity.AGGREGATION;
            items[i].derivation.sources = new Basis[](1);
            (items[i].derivation.sources[0].product, items[i].derivation.sources[0].version) = (source, 1);
        }
        if (spoiled) items[items.length - 1].derivation.sources[0].version = 2;
        bytes memory call = abi.encodeCall(lineage.registerBatch, (items));
        if (spoiled) {
            _refused(key, address(lineage), call, IGrantRegistry.VersionUnknown.selector);
            refusedProducts.push(_idOf(party, items[0].registration));
            ++reached["deriveBatch refused"];
            return;
        }
        _done(key, address(lineage), call);
        for (uint256 i = 0; i < items.length; ++i) {
            ProductId product = _idOf(party, items[i].registration);
            derived.push(product);
            sourceOf[product] = source;
        }
        ++reached["deriveBatch"];
    }

    /* GRANTS */

    function grantBatch(uint256 seed, uint256 to, uint256 count, bool spoiled) external replayed {
        (ProductId product, address key, PartyId party) = _ownProduct(seed);
        (, PartyId grantee) = ledger.activeKey(to);
        if (key == address(0) || grantee == party || issued.length > MOST_PRODUCTS) return;
        bytes[] memory packed = new bytes[](2 + count % (MOST_ITEMS - 1));
        Draft memory d = _draft(product, party, grantee);
        for (uint256 i = 0; i < packed.length; ++i) {
            d.salt = uint64(salts + i);
            if (spoiled && i + 1 == packed.length) d.grantee = party;
            packed[i] = d.pack();
        }
        bytes memory call = abi.encodeCall(grants.issueBatch, (packed));
        if (spoiled) {
            salts += packed.length;
            _refused(key, address(grants), call, IGrantRegistry.GranteeIsGrantor.selector);
            ++reached["grantBatch refused"];
            return;
        }
        _done(key, address(grants), call);
        for (uint256 i = 0; i < packed.length; ++i) {
            d.salt = uint64(salts++);
            _keepIssued(d);
        }
        ++reached["grantBatch"];
    }

    /// @notice Revokes some grants of one grantor together, one that is over among them at times.
    function revokeBatch(uint256 seed, uint256 count, bool spoiled) external replayed {
        // Seldom, so that there are grants to use.
        if (issued.length == 0 || seed % 4 != 0) return;
        uint256 start = seed / 4 % issued.length;
        PartyId grantor = drafts[start].grantor;
        uint256[] memory places = new uint256[](1 + count % MOST_ITEMS);
        GrantId[] memory ids = new GrantId[](places.length);
        uint256 found;
        bool over;
        for (uint256 i = 0; i < issued.length && found < ids.length; ++i) {
            uint256 place = (start + i) % issued.length;
            if (drafts[place].grantor != grantor || (revoked[place] && !spoiled)) continue;
            over = over || revoked[place];
            (places[found], ids[found++]) = (place, issued[place]);
        }
        assembly ("memory-safe") {
            mstore(ids, found)
        }
        if (found == 0) return;
        bytes memory call = abi.encodeCall(grants.revokeBatch, (ids, Reason.BREACH));
        if (over) {
            _refused(ledger.keyOf(grantor), address(grants), call, IGrantRegistry.GrantEndsAlready.selector);
            ++reached["revokeBatch refused"];
            return;
        }
        _done(ledger.keyOf(grantor), address(grants), call);
        for (uint256 i = 0; i < found; ++i) {
            revoked[places[i]] = true;
        }
        ++reached["revokeBatch"];
    }

    /* USE */

    function use(uint256 seed, uint64 amount, bool byGrantee) external replayed {
        if (issued.length == 0) return;
        uint256 place = seed % issued.length;
        amount = 1 + amount % 12;
        Draft memory d = drafts[place];
        if (!_active(d.grantor) || !_active(d.grantee)) return;
        bytes memory call = abi.encodeCall(
            grants.record, (new bytes32[](0), d.pack(), Usage.wrap(1 << 128 | 1 << 96 | uint256(amount)))
        );
        address key = ledger.keyOf(byGrantee ? d.grantee : d.grantor);
        if (revoked[place] || used[place] + amount > QUOTA) {
            _refused(key, address(grants), call, IGrantRegistry.UsageRefused.selector);
            ++reached["use refused"];
            return;
        }
        _done(key, address(grants), call);
        used[place] += amount;
        ++reached["use"];
    }

    /// @notice Settles receipts of several grants together, of one grant more than one at times, filed by anybody. One
    /// may come a second time, and counts once.
    function settleBatch(uint256 seed, uint256 count, uint64 amount, bool repeated) external replayed {
        if (issued.length == 0) return;
        Settlement[] memory batch = new Settlement[](1 + count % MOST_ITEMS);
        uint256[] memory places = new uint256[](batch.length);
        amount = 1 + amount % 9;
        bytes4 refusal;
        for (uint256 i = 0; i < batch.length; ++i) {
            Draft memory d = drafts[places[i] = uint256(keccak256(abi.encode(seed, i / 2))) % issued.length];
            if (!_active(d.grantor) || !_active(d.grantee)) return;
        }
        uint256 fresh = repeated && batch.length > 1 ? batch.length - 1 : batch.length;
        for (uint256 i = 0; i < fresh; ++i) {
            uint256 place = places[i];
            used[place] += amount;
            batch[i] = _settlement(place, settled[place] += amount, ++receipts[place]);
            bool good = !revoked[place] && used[place] <= QUOTA;
            if (!good) refusal = IGrantRegistry.UsageRefused.selector;
        }
        if (fresh != batch.length) batch[fresh] = batch[seed % fresh];
        bytes memory call = abi.encodeCall(meter.settle, (batch));
        if (refusal == 0) {
            _done(address(0xF11E), address(meter), call);
            if (fresh == batch.length) ++reached["settleBatch"];
            else ++reached["settleBatch repeated"];
            return;
        }
        _refused(address(0xF11E), address(meter), call, refusal);
        for (uint256 i = 0; i < fresh; ++i) {
            uint256 place = places[i];
            (used[place], settled[place], receipts[place]) =
            (used[place] - amount, settled[place] - amount, receipts[place] - 1);
        }
        ++reached["settleBatch refused"];
    }

    /* WHAT THE INVARIANTS ASK */

    function draft(uint256 index) external view returns (Draft memory) {
        return drafts[index];
    }

    function batchCounts() external view returns (uint256 derived_, uint256 refused_, uint256 issued_) {
        return (derived.length, refusedProducts.length, issued.length);
    }

    /* INTERNAL */

    function _assertAllTold() internal view override {
        super._assertAllTold();
        _assertTold(address(meter));
        _assertTold(address(lineage));
    }

    function _refuseProducts(address key, PartyId party, Registration[] memory items, bytes memory call, bytes4 refusal)
        private
    {
        _refused(key, address(products), call, refusal);
        for (uint256 i = 0; i < items.length; ++i) {
            refusedProducts.push(_idOf(party, items[i]));
        }
        ++reached["registerBatch refused"];
    }

    function _draft(ProductId product, PartyId grantor, PartyId grantee) private pure returns (Draft memory d) {
        (d.rights, d.product, d.grantor, d.grantee) = (Rights.USE, product, grantor, grantee);
        (d.quotaUnit, d.quotaTotal, d.actions, d.purposes) = (4, QUOTA, 1, 1);
    }

    function _keepIssued(Draft memory d) private {
        drafts.push(d);
        issued.push(d.idOf(address(grants)));
        used.push(0);
        settled.push(0);
        receipts.push(0);
        revoked.push(false);
    }

    function _settlement(uint256 place, uint256 cumulative, uint256 sequence)
        private
        view
        returns (Settlement memory one)
    {
        Draft memory d = drafts[place];
        one.grant = issued[place];
        one.receipt = Receipt.wrap(cumulative << 136 | sequence << 104 | 1 << 72 | 1 << 40 | block.timestamp);
        if (meter.subjectOf(one.grant).isNone()) one.clauses = d.pack();
        bytes32 digest = _receiptDigest(one.grant, cumulative, sequence);
        one.grantor = _signed(d.grantor, digest);
        one.grantee = _signed(d.grantee, digest);
    }

    function _receiptDigest(GrantId grant, uint256 cumulative, uint256 sequence) private view returns (bytes32) {
        bytes32 kind = keccak256(
            "Receipt(bytes32 grant,uint64 cumulative,uint32 sequence,uint32 purpose,uint32 action,uint40 at)"
        );
        bytes32 hash = keccak256(abi.encode(kind, grant, cumulative, sequence, 1, 1, block.timestamp));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Dengji"),
                keccak256("1"),
                block.chainid,
                address(meter)
            )
        );
        return keccak256(bytes.concat(hex"1901", domain, hash));
    }

    function _signed(PartyId party, bytes32 digest) private view returns (Approval memory) {
        address key = ledger.keyOf(party);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ledger.secretOf(key), digest);
        return Approval({signer: key, signature: abi.encodePacked(r, s, v)});
    }
}
// forge-lint: disable-end(unsafe-typecast)
