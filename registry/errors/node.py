"""Say what can go wrong with a node, a deployment and the dev chain."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ChainError, ConfigError, IntegrityError, InvalidInputError

# The node


class EndpointMalformed(ConfigError):
    """A node's address is neither `http://…`, `https://…` nor the path of a socket."""

    code: ClassVar[str] = "endpoint-malformed"
    url: str


class NodeUnreachable(ChainError):
    """The node cannot be reached; nothing was sent to it."""

    code: ClassVar[str] = "node-unreachable"
    url: str
    reason: str


class ConnectionLost(NodeUnreachable):
    """The connection broke before the answer was there: the node may or may not have acted."""

    code: ClassVar[str] = "connection-lost"


class NodeBusy(ChainError):
    """The node asked to come back later, in `retry_after` seconds where it said when, else 0."""

    code: ClassVar[str] = "node-busy"
    url: str
    status: int
    retry_after: int


class NodeRejected(ChainError):
    """What answers at the address is no node, or lets nobody in; `status` is of HTTP."""

    code: ClassVar[str] = "node-rejected"
    url: str
    status: int
    reason: str


class GatewayFailed(NodeRejected):
    """What stands before the node failed with this status; the node may or may not have acted."""

    code: ClassVar[str] = "gateway-failed"


class NodeAnswerMalformed(ChainError):
    """The node's answer to `method` has not the shape that it must have."""

    code: ClassVar[str] = "node-answer-malformed"
    url: str
    method: str
    reason: str


class NodeRefused(ChainError):
    """The node answered `method` with an error; `data` is what came with it, `0x…` or empty."""

    code: ClassVar[str] = "node-refused"
    url: str
    method: str
    error: int
    message: str
    data: str = ""


class WrongChain(ChainError):
    """The node is on another chain than the one expected."""

    code: ClassVar[str] = "wrong-chain"
    url: str
    expected: int
    actual: int


class NodeBehind(ChainError):
    """The node's newest block is older than is allowed: it may not know what has happened since.

    `time` is the block's, `now` that of the clock here, both in unix seconds; `limit` is in
    seconds.
    """

    code: ClassVar[str] = "node-behind"
    url: str
    block: int
    time: int
    now: int
    limit: int


class BlockUnknown(ChainError):
    """The node has no block of this number."""

    code: ClassVar[str] = "block-unknown"
    url: str
    block: int


class ChainMoved(ChainError):
    """The chain was reorganised while it was read, so that what was read fits nothing."""

    code: ClassVar[str] = "chain-moved"
    block: int


class StateUnavailable(ChainError):
    """The node no longer has the state of this block, so the question cannot be decided there."""

    code: ClassVar[str] = "state-unavailable"
    url: str
    block: int


# Reading the chain


class ArgumentUnfit(InvalidInputError):
    """A value does not fit into the parameter of a contract's function that it was given for."""

    code: ClassVar[str] = "argument-unfit"
    function: str
    reason: str


class VersionsContradicted(IntegrityError):
    """The events of a product do not lead to the digest of its versions that the chain stores."""

    code: ClassVar[str] = "versions-contradicted"
    product: str
    version: int
    block: int


# Deployments


class ContractMissing(ConfigError):
    """At the address there is no contract, where the one named should be."""

    code: ClassVar[str] = "contract-missing"
    name: str
    address: str
    url: str


class CodeUnknown(IntegrityError):
    """The contract's code is of no build that this version knows; `code_hash` is its Keccak-256."""

    code: ClassVar[str] = "code-unknown"
    name: str
    address: str
    code_hash: bytes


class DeploymentUnfinished(ConfigError):
    """The directory was never sealed; `made` names the contracts that it has so far."""

    code: ClassVar[str] = "deployment-unfinished"
    directory: str
    made: list[str]


class InterfaceUnsupported(ConfigError):
    """The contracts speak version `found` of their interfaces, this client version `known`."""

    code: ClassVar[str] = "interface-unsupported"
    directory: str
    found: int
    known: int


class DeploymentContradicted(IntegrityError):
    """A contract is not the one that the directory recorded, or is tied to another deployment's."""

    code: ClassVar[str] = "deployment-contradicted"
    contract: str
    address: str


# The dev chain


class AnvilMissing(ConfigError):
    """No anvil is installed where the dev chain looks for it: `looked` names the places."""

    code: ClassVar[str] = "anvil-missing"
    looked: list[str]


class AnvilFailed(ChainError):
    """Anvil ended, or did not answer in time; `lines` are the last of its log."""

    code: ClassVar[str] = "anvil-failed"
    log: str
    lines: list[str]


class DevChainAbsent(ConfigError):
    """The home has no dev chain yet, so that there is nothing to ask."""

    code: ClassVar[str] = "dev-chain-absent"
    home: str


class DevChainStopped(ChainError):
    """The dev chain of this home is not running."""

    code: ClassVar[str] = "dev-chain-stopped"
    home: str


class DevChainStale(ChainError):
    """The process recorded for the dev chain is gone; its number may belong to another by now."""

    code: ClassVar[str] = "dev-chain-stale"
    pid: int


class DevChainBusy(ChainError):
    """Another process has been starting or stopping the dev chain for too long."""

    code: ClassVar[str] = "dev-chain-busy"
    seconds: int


class DevChainHanging(ChainError):
    """The dev chain's process does not end, or does not answer."""

    code: ClassVar[str] = "dev-chain-hanging"
    pid: int
    seconds: int


class DevChainDamaged(IntegrityError):
    """A file of the dev chain cannot be read; it is left as it is."""

    code: ClassVar[str] = "dev-chain-damaged"
    path: str
    reason: str


class DevChainUnusable(ConfigError):
    """The folder of the dev chain cannot be written, or its disk is full."""

    code: ClassVar[str] = "dev-chain-unusable"
    path: str
    reason: str


class DevChainLost(IntegrityError):
    """No state file and no replay led to a chain that works; nothing was changed on disk."""

    code: ClassVar[str] = "dev-chain-lost"
    home: str
    reasons: list[str]


class PortTaken(ConfigError):
    """Another program listens on the port that was asked for."""

    code: ClassVar[str] = "port-taken"
    port: int


class ForeignChain(ChainError):
    """At the dev chain's address another chain answers; `found` is its id, or its genesis."""

    code: ClassVar[str] = "foreign-chain"
    url: str
    expected: str
    found: str
