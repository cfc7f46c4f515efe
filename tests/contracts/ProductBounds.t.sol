// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGrantRegistry} from "../../contracts/interfaces/IGrantRegistry.sol";
import {IPartyRegistry} from "../../contracts/interfaces/IPartyRegistry.sol";
import {IProductRegistry, Registration} from "../../contracts/interfaces/IProductRegistry.sol";
import {Scope} from "../../contracts/types/Key.sol";
import {Role} from "../../contracts/types/Party.sol";
import {Profile} from "../../contracts/types/Product.sol";
import {ProductId} from "../../contracts/types/ProductId.sol";
import {AnnotationKind, Purpose, Reason, Rights} from "../../contracts/types/Vocabulary.sol";
import {AgreementFixture} from "./AgreementFixture.sol";
import {DeskFixture} from "./DeskFixture.sol";
import {Draft} from "./Draft.sol";
import {Fixture} from "./Fixture.sol";
import {KeyConsents, Wanted} from "./KeyConsents.sol";
import {LineageFixture} from "./LineageFixture.sol";
import {bound, vm} from "./Vm.sol";

// The casts below are of numbers that the test itself keeps small.
// forge-lint: disable-start(unsafe-typecast)
/// @notice What a product may be, may be granted for, and who takes back what is noted on it.
contract ProductBoundsTest is LineageFixture, DeskFixture {
    using KeyConsents for Wanted;

    function setUp() public override(AgreementFixture, Fixture) {
        super.setUp();
    }

    /// @notice There are three classes of sensitivity, and rights are of the three with HOLD among them.
    function testFuzz_ClassesAndRights(uint64 salt, uint8 rights, uint8 class) external {
        Registration memory registration = _registration("classed");
        (rights, class) = (rights % 10, class % 8);
        registration.particulars = _particulars(salt, rights, class);
        bool valid = class < 3 && rights & Rights.HOLD != 0 && rights <= Rights.ALL;
        if (!valid) {
            vm.expectRevert(
                abi.encodeWithSelector(IProductRegistry.ParticularsInvalid.selector, registration.particulars)
            );
        }
        ProductId made = _registerBy(HOLDER, registration);
        if (valid) vm.assertEq(uint8(products.productRecord(made).class), class);
    }

    /// @notice A product limited to some purposes is granted for those alone, and moves as any other does.
    function testFuzz_LimitedProducts(uint32 limit, uint32 wanted) external {
        limit = uint32(bound(limit, 0, Purpose.ALL));
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), limit));
        _grant(made, limit, uint32(bound(wanted, 1, Purpose.ALL)));
        vm.prank(HOLDER);
        products.transfer(made, buyer, Rights.USE);
        vm.assertEq(products.rightsOf(made, buyer), Rights.USE);
    }

    /// @notice Each purpose alone is a limit, to every other purpose alone.
    function testFuzz_OnePurposeIsALimit(uint8 one, uint8 another) external {
        uint32 limit = uint32(1) << one % 24;
        ProductId made = _derive(HOLDER, "made", _of(_own(product, 1), limit));
        _grant(made, limit, uint32(1) << another % 24);
    }

    /// @notice A registration that ends limits no purposes.
    function testFuzz_ProductsWithAnEndAreGranted(uint32 wanted) external {
        _grant(_registered("ends", Profile.PROPERTY), 0, uint32(bound(wanted, 1, Purpose.ALL)));
    }

    /// @notice An agent of a holder takes a limit back if it may register, and nothing that an office noted.
    function test_AgentsReleaseLimits() external {
        vm.prank(HOLDER);
        products.annotate(product, AnnotationKind.LIMIT, Reason.UNSPECIFIED, 0);
        _administer(address(parties), abi.encodeCall(IPartyRegistry.setRoles, (other, Role.COURT)));
        vm.prank(OTHER);
        products.annotate(product, AnnotationKind.SEIZURE, Reason.AUTHORITY, 0);
        address registers = _agent(0xa9e27, Scope.REGISTER);
        address decides = _agent(0xa9e28, Scope.DECIDE);
        _expectScope(registers, Scope.REGISTER, Scope.DECIDE);
        products.release(product, 1, 0);
        _expectScope(decides, Scope.DECIDE, Scope.REGISTER);
        products.release(product, 0, 0);
        vm.expectEmit(address(products));
        emit IProductRegistry.AnnotationReleased(product, holder, 0, 0);
        vm.prank(registers);
        products.release(product, 0, 0);
    }

    /* AIDS */

    function _grant(ProductId made, uint32 limit, uint32 wanted) private {
        Draft memory d = _draft();
        (d.product, d.purposes) = (made, wanted);
        if (limit != 0 && wanted & ~limit != 0) {
            vm.expectRevert(abi.encodeWithSelector(IGrantRegistry.PurposesBeyondProduct.selector, made, limit, wanted));
        }
        _issue(d);
    }

    function _agent(uint256 secret, uint16 scopes) private returns (address agent) {
        agent = vm.addr(secret);
        uint40 until = uint40(block.timestamp + 30 days);
        bytes memory consent =
            KeyConsents.agent(holder, agent, scopes, until, type(uint40).max).sign(secret, address(parties));
        vm.prank(HOLDER);
        parties.appointAgent(agent, scopes, until, type(uint40).max, consent);
    }

    /// @dev The next call, which is the agent's, lacks this scope.
    function _expectScope(address agent, uint16 held, uint16 needed) private {
        vm.expectRevert(abi.encodeWithSelector(IPartyRegistry.ScopeMissing.selector, agent, held, needed));
        vm.prank(agent);
    }
}
// forge-lint: disable-end(unsafe-typecast)
