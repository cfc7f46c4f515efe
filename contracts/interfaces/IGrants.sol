// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

import {IGrantOffice} from "./IGrantOffice.sol";
import {IGrantRegistry} from "./IGrantRegistry.sol";

/// @title All that is done at the address of the registry of grants
interface IGrants is IGrantRegistry, IGrantOffice, IERC5267 {}
