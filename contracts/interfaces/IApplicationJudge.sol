// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {GrantId} from "../types/GrantId.sol";
import {PartyId} from "../types/PartyId.sol";
import {ProductHead, Profile} from "../types/Product.sol";
import {ProductId} from "../types/ProductId.sol";
import {IGrants} from "./IGrants.sol";
import {ILineage} from "./ILineage.sol";
import {IPartyRegistry} from "./IPartyRegistry.sol";
import {IProductRegistry} from "./IProductRegistry.sol";
import {Filing} from "./IRegistrationDesk.sol";

/// @notice What a grant of operation comes to.
/// @param grant its id, zero where none was named
/// @param basis the public product that is operated
/// @param end the day before which every validity ends
struct Operation {
    GrantId grant;
    ProductId basis;
    uint24 end;
}

/// @title What applications rest on
/// @notice Judges sources, rights, holders, registrars and the grant of operation for the registration desk. It keeps
/// nothing and changes nothing; its errors are those of `IRegistrationDesk`, `IProductRegistry` and `IPartyRegistry`.
interface IApplicationJudge {
    /// @notice Judges an application for a first registration.
    /// @param application the encoded `Application`, as the desk was called with it
    /// @param by the applicant
    /// @return awaited whose consent is needed, see `Case`
    /// @return origins what the data was made of
    /// @return operation the grant of operation
    function judge(bytes calldata application, PartyId by)
        external
        view
        returns (uint16 awaited, ProductId[] memory origins, Operation memory operation);

    /// @notice Judges a case on a registered product, once it is known that the caller may file it and none is open.
    /// @param held the rights that the caller holds in the product
    /// @return registrar the number of the registrar that decides it
    /// @return awaited whose consent is needed, see `Case`
    /// @return operation the grant of operation
    function judgeFiling(ProductId product, ProductHead head, Filing calldata filing, PartyId by, uint8 held)
        external
        view
        returns (uint16 registrar, uint16 awaited, Operation memory operation);

    /// @notice Reverts unless a validity of what is registered under this profile may end at `given`, and, where its data
    /// is derived, it was declared of what.
    /// @param from what its length is reckoned from: now, or the end of the validity renewed
    /// @param operationEnd the day before which it ends in any case, 0 for none
    function requireValidity(ProductId product, Profile profile, uint40 from, uint24 operationEnd, uint40 given)
        external
        view;

    /// @notice The party that was named as a holder at this place, none for no such place.
    function holderAt(ProductId product, uint256 place) external view returns (PartyId);

    /// @notice The places of all holders named with an application but the applicant, as `Case` counts them.
    function othersOf(ProductId product, PartyId applicant) external view returns (uint16 places);

    /// @notice The registry of parties.
    function parties() external view returns (IPartyRegistry);

    /// @notice The registry of products.
    function products() external view returns (IProductRegistry);

    /// @notice The registry of grants.
    function grants() external view returns (IGrants);

    /// @notice The registry of derivations.
    function lineage() external view returns (ILineage);
}
