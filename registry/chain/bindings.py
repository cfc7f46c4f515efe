"""Bind the functions and events of the contracts.

Generated from registry/artifacts/*.json by scripts/gen_bindings.py. Do not edit.
"""

from __future__ import annotations

from typing import Final

from registry.chain.layouts import EventLayout, Function, Parameter


class ApplicationJudge:
    """Bind `ApplicationJudge`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address", "address")
    grants: Final = Function("grants", bytes.fromhex("a2cfab1c"), (), ("address",))
    holder_at: Final = Function(
        "holderAt", bytes.fromhex("460dcdca"), ("bytes20", "uint256"), ("uint64",)
    )
    judge: Final = Function(
        "judge",
        bytes.fromhex("b841189d"),
        ("bytes", "uint64"),
        ("uint16", "bytes20[]", "(bytes32,bytes20,uint24)"),
    )
    judge_filing: Final = Function(
        "judgeFiling",
        bytes.fromhex("17b90f7b"),
        ("bytes20", "uint256", "(uint8,uint16,bytes32,bytes32,bytes)", "uint64", "uint8"),
        ("uint16", "uint16", "(bytes32,bytes20,uint24)"),
    )
    lineage: Final = Function("lineage", bytes.fromhex("c74656e7"), (), ("address",))
    others_of: Final = Function(
        "othersOf", bytes.fromhex("51dd39b2"), ("bytes20", "uint64"), ("uint16",)
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    require_validity: Final = Function(
        "requireValidity",
        bytes.fromhex("b28e4a52"),
        ("bytes20", "uint8", "uint40", "uint24", "uint40"),
        (),
    )
    events: Final[tuple[EventLayout, ...]] = ()


class Authority:
    """Bind `Authority`."""

    constructor: Final[tuple[str, ...]] = ("address",)
    admin_role: Final = Function("ADMIN_ROLE", bytes.fromhex("75b238fc"), (), ("uint64",))
    public_role: Final = Function("PUBLIC_ROLE", bytes.fromhex("3ca7c02a"), (), ("uint64",))
    shortest_delay: Final = Function("SHORTEST_DELAY", bytes.fromhex("36913a3d"), (), ("uint32",))
    can_call: Final = Function(
        "canCall", bytes.fromhex("b7009613"), ("address", "address", "bytes4"), ("bool", "uint32")
    )
    cancel: Final = Function(
        "cancel", bytes.fromhex("d6bb62c6"), ("address", "address", "bytes"), ("uint32",)
    )
    consume_scheduled_op: Final = Function(
        "consumeScheduledOp", bytes.fromhex("94c7d7ee"), ("address", "bytes"), ()
    )
    execute: Final = Function(
        "execute", bytes.fromhex("1cff79cd"), ("address", "bytes"), ("uint32",)
    )
    expiration: Final = Function("expiration", bytes.fromhex("4665096d"), (), ("uint32",))
    get_access: Final = Function(
        "getAccess",
        bytes.fromhex("3078f114"),
        ("uint64", "address"),
        ("uint48", "uint32", "uint32", "uint48"),
    )
    get_nonce: Final = Function("getNonce", bytes.fromhex("4136a33c"), ("bytes32",), ("uint32",))
    get_role_admin: Final = Function(
        "getRoleAdmin", bytes.fromhex("530dd456"), ("uint64",), ("uint64",)
    )
    get_role_grant_delay: Final = Function(
        "getRoleGrantDelay", bytes.fromhex("12be8727"), ("uint64",), ("uint32",)
    )
    get_role_guardian: Final = Function(
        "getRoleGuardian", bytes.fromhex("0b0a93ba"), ("uint64",), ("uint64",)
    )
    get_schedule: Final = Function(
        "getSchedule", bytes.fromhex("3adc277a"), ("bytes32",), ("uint48",)
    )
    get_target_admin_delay: Final = Function(
        "getTargetAdminDelay", bytes.fromhex("4c1da1e2"), ("address",), ("uint32",)
    )
    get_target_function_role: Final = Function(
        "getTargetFunctionRole", bytes.fromhex("6d5115bd"), ("address", "bytes4"), ("uint64",)
    )
    grant_role: Final = Function(
        "grantRole", bytes.fromhex("25c471a0"), ("uint64", "address", "uint32"), ()
    )
    has_role: Final = Function(
        "hasRole", bytes.fromhex("d1f856ee"), ("uint64", "address"), ("bool", "uint32")
    )
    hash_operation: Final = Function(
        "hashOperation", bytes.fromhex("abd9bd2a"), ("address", "address", "bytes"), ("bytes32",)
    )
    is_target_closed: Final = Function(
        "isTargetClosed", bytes.fromhex("a166aa89"), ("address",), ("bool",)
    )
    label_role: Final = Function("labelRole", bytes.fromhex("853551b8"), ("uint64", "string"), ())
    min_setback: Final = Function("minSetback", bytes.fromhex("cc1b6c81"), (), ("uint32",))
    multicall: Final = Function("multicall", bytes.fromhex("ac9650d8"), ("bytes[]",), ("bytes[]",))
    renounce_role: Final = Function(
        "renounceRole", bytes.fromhex("fe0776f5"), ("uint64", "address"), ()
    )
    revoke_role: Final = Function(
        "revokeRole", bytes.fromhex("b7d2b162"), ("uint64", "address"), ()
    )
    schedule: Final = Function(
        "schedule", bytes.fromhex("f801a698"), ("address", "bytes", "uint48"), ("bytes32", "uint32")
    )
    set_grant_delay: Final = Function(
        "setGrantDelay", bytes.fromhex("a64d95ce"), ("uint64", "uint32"), ()
    )
    set_role_admin: Final = Function(
        "setRoleAdmin", bytes.fromhex("30cae187"), ("uint64", "uint64"), ()
    )
    set_role_guardian: Final = Function(
        "setRoleGuardian", bytes.fromhex("52962952"), ("uint64", "uint64"), ()
    )
    set_target_admin_delay: Final = Function(
        "setTargetAdminDelay", bytes.fromhex("d22b5989"), ("address", "uint32"), ()
    )
    set_target_closed: Final = Function(
        "setTargetClosed", bytes.fromhex("167bd395"), ("address", "bool"), ()
    )
    set_target_function_role: Final = Function(
        "setTargetFunctionRole", bytes.fromhex("08d6122d"), ("address", "bytes4[]", "uint64"), ()
    )
    update_authority: Final = Function(
        "updateAuthority", bytes.fromhex("18ff183c"), ("address", "address"), ()
    )
    OperationCanceled: Final = EventLayout(
        "OperationCanceled",
        bytes.fromhex("bd9ac67a6e2f6463b80927326310338bcbb4bdb7936ce1365ea3e01067e7b9f7"),
        (
            Parameter("operationId", "bytes32", indexed=True),
            Parameter("nonce", "uint32", indexed=True),
        ),
    )
    OperationExecuted: Final = EventLayout(
        "OperationExecuted",
        bytes.fromhex("76a2a46953689d4861a5d3f6ed883ad7e6af674a21f8e162707159fc9dde614d"),
        (
            Parameter("operationId", "bytes32", indexed=True),
            Parameter("nonce", "uint32", indexed=True),
        ),
    )
    OperationScheduled: Final = EventLayout(
        "OperationScheduled",
        bytes.fromhex("82a2da5dee54ea8021c6545b4444620291e07ee83be6dd57edb175062715f3b4"),
        (
            Parameter("operationId", "bytes32", indexed=True),
            Parameter("nonce", "uint32", indexed=True),
            Parameter("schedule", "uint48", indexed=False),
            Parameter("caller", "address", indexed=False),
            Parameter("target", "address", indexed=False),
            Parameter("data", "bytes", indexed=False),
        ),
    )
    RoleAdminChanged: Final = EventLayout(
        "RoleAdminChanged",
        bytes.fromhex("1fd6dd7631312dfac2205b52913f99de03b4d7e381d5d27d3dbfe0713e6e6340"),
        (Parameter("roleId", "uint64", indexed=True), Parameter("admin", "uint64", indexed=True)),
    )
    RoleGrantDelayChanged: Final = EventLayout(
        "RoleGrantDelayChanged",
        bytes.fromhex("feb69018ee8b8fd50ea86348f1267d07673379f72cffdeccec63853ee8ce8b48"),
        (
            Parameter("roleId", "uint64", indexed=True),
            Parameter("delay", "uint32", indexed=False),
            Parameter("since", "uint48", indexed=False),
        ),
    )
    RoleGranted: Final = EventLayout(
        "RoleGranted",
        bytes.fromhex("f98448b987f1428e0e230e1f3c6e2ce15b5693eaf31827fbd0b1ec4b424ae7cf"),
        (
            Parameter("roleId", "uint64", indexed=True),
            Parameter("account", "address", indexed=True),
            Parameter("delay", "uint32", indexed=False),
            Parameter("since", "uint48", indexed=False),
            Parameter("newMember", "bool", indexed=False),
        ),
    )
    RoleGuardianChanged: Final = EventLayout(
        "RoleGuardianChanged",
        bytes.fromhex("7a8059630b897b5de4c08ade69f8b90c3ead1f8596d62d10b6c4d14a0afb4ae2"),
        (
            Parameter("roleId", "uint64", indexed=True),
            Parameter("guardian", "uint64", indexed=True),
        ),
    )
    RoleLabel: Final = EventLayout(
        "RoleLabel",
        bytes.fromhex("1256f5b5ecb89caec12db449738f2fbcd1ba5806cf38f35413f4e5c15bf6a450"),
        (Parameter("roleId", "uint64", indexed=True), Parameter("label", "string", indexed=False)),
    )
    RoleRevoked: Final = EventLayout(
        "RoleRevoked",
        bytes.fromhex("f229baa593af28c41b1d16b748cd7688f0c83aaf92d4be41c44005defe84c166"),
        (
            Parameter("roleId", "uint64", indexed=True),
            Parameter("account", "address", indexed=True),
        ),
    )
    TargetAdminDelayUpdated: Final = EventLayout(
        "TargetAdminDelayUpdated",
        bytes.fromhex("a56b76017453f399ec2327ba00375dbfb1fd070ff854341ad6191e6a2e2de19c"),
        (
            Parameter("target", "address", indexed=True),
            Parameter("delay", "uint32", indexed=False),
            Parameter("since", "uint48", indexed=False),
        ),
    )
    TargetClosed: Final = EventLayout(
        "TargetClosed",
        bytes.fromhex("90d4e7bb7e5d933792b3562e1741306f8be94837e1348dacef9b6f1df56eb138"),
        (Parameter("target", "address", indexed=True), Parameter("closed", "bool", indexed=False)),
    )
    TargetFunctionRoleUpdated: Final = EventLayout(
        "TargetFunctionRoleUpdated",
        bytes.fromhex("9ea6790c7dadfd01c9f8b9762b3682607af2c7e79e05a9f9fdf5580dde949151"),
        (
            Parameter("target", "address", indexed=True),
            Parameter("selector", "bytes4", indexed=False),
            Parameter("roleId", "uint64", indexed=True),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        OperationCanceled,
        OperationExecuted,
        OperationScheduled,
        RoleAdminChanged,
        RoleGrantDelayChanged,
        RoleGranted,
        RoleGuardianChanged,
        RoleLabel,
        RoleRevoked,
        TargetAdminDelayUpdated,
        TargetClosed,
        TargetFunctionRoleUpdated,
    )


class BatchAnchor:
    """Bind `BatchAnchor`."""

    constructor: Final[tuple[str, ...]] = ("address", "address")
    anchor: Final = Function("anchor", bytes.fromhex("47489de4"), ("bytes32", "uint32"), ())
    anchor_of: Final = Function(
        "anchorOf", bytes.fromhex("0847f632"), ("uint64", "bytes32"), ("(uint40,uint32)",)
    )
    leaf_of: Final = Function(
        "leafOf", bytes.fromhex("9736f75d"), ("uint64", "(bytes32,bytes32,uint256)"), ("bytes32",)
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    promote: Final = Function(
        "promote",
        bytes.fromhex("a84255f7"),
        ("bytes32", "uint32", "(bytes32,bytes32,uint256)", "bytes32[]"),
        ("bytes20",),
    )
    proves: Final = Function(
        "proves",
        bytes.fromhex("5a3caadb"),
        ("uint64", "bytes32", "uint32", "bytes32", "bytes32[]"),
        ("bool",),
    )
    BatchAnchored: Final = EventLayout(
        "BatchAnchored",
        bytes.fromhex("40ba15e6a24e40437c29578ed69813c797a7b54dcef7c562a4394cf25cead005"),
        (
            Parameter("by", "uint64", indexed=True),
            Parameter("root", "bytes32", indexed=True),
            Parameter("leaves", "uint32", indexed=False),
        ),
    )
    LeafPromoted: Final = EventLayout(
        "LeafPromoted",
        bytes.fromhex("1f50f79b1bf05e03be3e3b776740ad5f0cf8ea529f60a76876c6c8a8604f71a4"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("root", "bytes32", indexed=True),
            Parameter("place", "uint256", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (BatchAnchored, LeafPromoted)


class CertificateRegistry:
    """Bind `CertificateRegistry`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address")
    amend: Final = Function("amend", bytes.fromhex("adf8ad36"), ("bytes20",), ())
    certificate: Final = Function(
        "certificate",
        bytes.fromhex("7e351e5d"),
        ("bytes20", "uint16"),
        ("(bytes24,uint40,uint16)",),
    )
    certify: Final = Function(
        "certify", bytes.fromhex("b2b05458"), ("bytes20", "bytes32"), ("uint16",)
    )
    code_of: Final = Function("codeOf", bytes.fromhex("d56ac836"), ("bytes20",), ("bytes15",))
    code_record: Final = Function(
        "codeRecord",
        bytes.fromhex("555d41ee"),
        ("bytes20",),
        ("(uint16,uint24,uint16,uint8,uint16,uint40)",),
    )
    desk: Final = Function("desk", bytes.fromhex("c12b293c"), (), ("address",))
    enter: Final = Function(
        "enter", bytes.fromhex("504612e4"), ("bytes20", "uint16", "uint8"), ("bytes15",)
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    product_of: Final = Function("productOf", bytes.fromhex("a2137fde"), ("bytes15",), ("bytes20",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    serial_of: Final = Function(
        "serialOf", bytes.fromhex("14a33256"), ("uint16", "uint24", "uint8"), ("uint16",)
    )
    CertificateIssued: Final = EventLayout(
        "CertificateIssued",
        bytes.fromhex("21864e12e387b7e68cbd11fb705ae1e773ea515808cbbfbe22e6dde71a710988"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("number", "uint16", indexed=False),
            Parameter("digest", "bytes32", indexed=False),
            Parameter("version", "uint16", indexed=False),
        ),
    )
    CodeGiven: Final = EventLayout(
        "CodeGiven",
        bytes.fromhex("9d4f23d8b422e8a5f7e35c8bce3bd75aa97e08f89e431f67ada69146dd0b463c"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("code", "bytes15", indexed=True),
            Parameter("registrar", "uint16", indexed=False),
            Parameter("month", "uint24", indexed=False),
            Parameter("serial", "uint16", indexed=False),
            Parameter("profile", "uint8", indexed=False),
        ),
    )
    RecordAmended: Final = EventLayout(
        "RecordAmended",
        bytes.fromhex("d3af7711afeed4beb3f45878b0e28148f4a0119a44dbb302942d49242118c421"),
        (Parameter("product", "bytes20", indexed=True),),
    )
    events: Final[tuple[EventLayout, ...]] = (CertificateIssued, CodeGiven, RecordAmended)


class Directory:
    """Bind `Directory`."""

    constructor: Final[tuple[str, ...]] = ("uint16", "address")
    address_of: Final = Function("addressOf", bytes.fromhex("bb34534c"), ("bytes32",), ("address",))
    create: Final = Function(
        "create", bytes.fromhex("5b37e150"), ("bytes32", "bytes"), ("address",)
    )
    entries: Final = Function(
        "entries", bytes.fromhex("0fc99376"), (), ("(bytes32,address,bytes32)[]",)
    )
    founder: Final = Function("founder", bytes.fromhex("4d853ee5"), (), ("address",))
    genesis_block: Final = Function("genesisBlock", bytes.fromhex("4cdc9c63"), (), ("uint40",))
    interface_version: Final = Function(
        "interfaceVersion", bytes.fromhex("1d8ffa4d"), (), ("uint16",)
    )
    predecessor: Final = Function("predecessor", bytes.fromhex("b719d032"), (), ("address",))
    predict: Final = Function("predict", bytes.fromhex("0e787cce"), ("bytes32",), ("address",))
    seal: Final = Function("seal", bytes.fromhex("3fb27b85"), (), ())
    sealed_at: Final = Function("sealedAt", bytes.fromhex("88b603dc"), (), ("uint40",))
    ContractCreated: Final = EventLayout(
        "ContractCreated",
        bytes.fromhex("cff11d717a43d0332982f39612c812084189bd68b66216c6fb00559e28694e46"),
        (
            Parameter("name", "bytes32", indexed=True),
            Parameter("location", "address", indexed=True),
            Parameter("codeHash", "bytes32", indexed=False),
        ),
    )
    DirectorySealed: Final = EventLayout(
        "DirectorySealed",
        bytes.fromhex("5ddf24b55e64e02feb9cee11081aa3720eea322a56194dadebb51c40417c0c41"),
        (Parameter("contracts", "uint256", indexed=False),),
    )
    events: Final[tuple[EventLayout, ...]] = (ContractCreated, DirectorySealed)


class GrantJudge:
    """Bind `GrantJudge`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address")
    check: Final = Function(
        "check",
        bytes.fromhex("0c814d4b"),
        ("bytes32[]", "bytes", "(uint64,uint16,uint8,uint32,uint32,uint32,uint64,uint40)"),
        ("uint8",),
    )
    check_batch: Final = Function(
        "checkBatch",
        bytes.fromhex("f5aac786"),
        ("(bytes32[],bytes,(uint64,uint16,uint8,uint32,uint32,uint32,uint64,uint40))[]",),
        ("uint8[]",),
    )
    derivable: Final = Function(
        "derivable",
        bytes.fromhex("66197093"),
        ("bytes32[]", "bytes", "uint64"),
        ("uint8", "bytes20"),
    )
    deriving: Final = Function(
        "deriving",
        bytes.fromhex("144c1623"),
        ("bytes32[]", "bytes", "uint16", "uint64"),
        ("uint8", "bytes20", "bytes32", "uint32"),
    )
    grants: Final = Function("grants", bytes.fromhex("a2cfab1c"), (), ("address",))
    id_from: Final = Function("idFrom", bytes.fromhex("5f334b4e"), ("bytes32[]",), ("bytes32",))
    require_narrower: Final = Function(
        "requireNarrower", bytes.fromhex("1254112b"), ("bytes", "bytes"), ()
    )
    verdict_of: Final = Function(
        "verdictOf", bytes.fromhex("6bf05159"), ("bytes32", "uint40"), ("uint8",)
    )
    events: Final[tuple[EventLayout, ...]] = ()


class GrantOffice:
    """Bind `GrantOffice`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address", "address")
    agree_jointly: Final = Function(
        "agreeJointly", bytes.fromhex("4df3b1a4"), ("bytes[]", "(address,bytes)[]"), ("bytes32[]",)
    )
    check: Final = Function(
        "check",
        bytes.fromhex("ae151788"),
        ("bytes", "(uint64,uint16,uint8,uint32,uint32,uint32,uint64,uint40)"),
        ("uint8",),
    )
    eip712_domain: Final = Function(
        "eip712Domain",
        bytes.fromhex("84b0196e"),
        (),
        ("bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"),
    )
    end_by_consent: Final = Function(
        "endByConsent",
        bytes.fromhex("7d0a4b21"),
        ("bytes32", "uint40", "uint40", "(address,bytes)"),
        (),
    )
    id_of: Final = Function("idOf", bytes.fromhex("2404286b"), ("bytes32", "bytes"), ("bytes32",))
    judge: Final = Function("judge", bytes.fromhex("573255f4"), (), ("address",))
    meter: Final = Function("meter", bytes.fromhex("62cb2634"), (), ("address",))
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    resume: Final = Function("resume", bytes.fromhex("b4d262c0"), ("bytes32", "uint256"), ())
    state_of: Final = Function(
        "stateOf",
        bytes.fromhex("64482ac4"),
        ("bytes32",),
        ("(uint64,uint64,uint32,uint32,uint64,uint8,uint8,uint8,bool)",),
    )
    suspend: Final = Function(
        "suspend", bytes.fromhex("dda5ddb6"), ("bytes32", "uint8", "bytes12"), ("uint256",)
    )
    suspension: Final = Function(
        "suspension",
        bytes.fromhex("47a4e6b4"),
        ("bytes32", "uint256"),
        ("(uint40,uint40,uint64,uint8,uint8,bytes12)",),
    )
    suspension_count: Final = Function(
        "suspensionCount", bytes.fromhex("8c47c718"), ("bytes32",), ("uint256", "uint256")
    )
    verdict_of: Final = Function(
        "verdictOf", bytes.fromhex("6bf05159"), ("bytes32", "uint40"), ("uint8",)
    )
    void_offer: Final = Function(
        "voidOffer", bytes.fromhex("ebd226d8"), ("bytes32", "bytes"), ("bytes32",)
    )
    EIP712DomainChanged: Final = EventLayout(
        "EIP712DomainChanged",
        bytes.fromhex("0a6387c9ea3628b88a633bb4f3b151770f70085117a15f9bf3787cda53f13d31"),
        (),
    )
    GrantAgreed: Final = EventLayout(
        "GrantAgreed",
        bytes.fromhex("61ded90708d451246d00ca1baa1e4edc82f828c71ecb2bb1a3cbf2ca4a91734e"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("product", "bytes20", indexed=True),
            Parameter("grantee", "uint64", indexed=True),
            Parameter("parent", "bytes32", indexed=False),
            Parameter("grantorSigner", "address", indexed=False),
            Parameter("granteeSigner", "address", indexed=False),
            Parameter("consentSigner", "address", indexed=False),
            Parameter("clauses", "bytes", indexed=False),
        ),
    )
    GrantEnded: Final = EventLayout(
        "GrantEnded",
        bytes.fromhex("056d7717efb5e1e13e87768457dd7953fef4679cb87be13711aed322dd2dd5b7"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("endsAt", "uint40", indexed=False),
            Parameter("signer", "address", indexed=False),
        ),
    )
    GrantReplaced: Final = EventLayout(
        "GrantReplaced",
        bytes.fromhex("1e5679640e1fda1166237aa511967371e7dd8ad91f410297fe82914080131fd3"),
        (
            Parameter("replaced", "bytes32", indexed=True),
            Parameter("grant", "bytes32", indexed=True),
        ),
    )
    GrantResumed: Final = EventLayout(
        "GrantResumed",
        bytes.fromhex("387cb345588113fe676c2e60af03a96acf07759520a81c3ab1549b1ab19ca862"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
        ),
    )
    GrantSuspended: Final = EventLayout(
        "GrantSuspended",
        bytes.fromhex("8da3789b2587558ccad7ecb167c417472a571f167670da5654dafc391fed81b7"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("reason", "uint8", indexed=False),
            Parameter("evidence", "bytes12", indexed=False),
        ),
    )
    OfferVoided: Final = EventLayout(
        "OfferVoided",
        bytes.fromhex("8d17b6b8d3a4e4b241fe3a03671d521e3a7e8362d80ac4efc1aac8bef2150232"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("grantor", "uint64", indexed=False),
            Parameter("grantee", "uint64", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        EIP712DomainChanged,
        GrantAgreed,
        GrantEnded,
        GrantReplaced,
        GrantResumed,
        GrantSuspended,
        OfferVoided,
    )


class GrantRegistry:
    """Bind `GrantRegistry`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address", "address", "address")
    agree: Final = Function(
        "agree",
        bytes.fromhex("43fa2625"),
        ("bytes", "(address,bytes)", "(address,bytes)"),
        ("bytes32",),
    )
    agree_jointly: Final = Function(
        "agreeJointly", bytes.fromhex("4df3b1a4"), ("bytes[]", "(address,bytes)[]"), ("bytes32[]",)
    )
    agree_under: Final = Function(
        "agreeUnder",
        bytes.fromhex("eaa2d5a2"),
        ("(bytes,bytes32[])", "bytes", "(address,bytes)", "(address,bytes)", "(address,bytes)"),
        ("bytes32",),
    )
    check: Final = Function(
        "check",
        bytes.fromhex("ae151788"),
        ("bytes", "(uint64,uint16,uint8,uint32,uint32,uint32,uint64,uint40)"),
        ("uint8",),
    )
    debit: Final = Function("debit", bytes.fromhex("d0dc2b66"), ("bytes", "bytes32[]"), ())
    derivable: Final = Function(
        "derivable",
        bytes.fromhex("66197093"),
        ("bytes32[]", "bytes", "uint64"),
        ("uint8", "bytes20"),
    )
    eip712_domain: Final = Function(
        "eip712Domain",
        bytes.fromhex("84b0196e"),
        (),
        ("bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"),
    )
    end_by_consent: Final = Function(
        "endByConsent",
        bytes.fromhex("7d0a4b21"),
        ("bytes32", "uint40", "uint40", "(address,bytes)"),
        (),
    )
    id_of: Final = Function("idOf", bytes.fromhex("2404286b"), ("bytes32", "bytes"), ("bytes32",))
    issue: Final = Function("issue", bytes.fromhex("31886822"), ("bytes",), ("bytes32",))
    issue_batch: Final = Function("issueBatch", bytes.fromhex("1dd85191"), ("bytes[]",), ())
    issue_under: Final = Function(
        "issueUnder",
        bytes.fromhex("2d2615c3"),
        ("(bytes,bytes32[])", "bytes", "(address,bytes)"),
        ("bytes32",),
    )
    judge: Final = Function("judge", bytes.fromhex("573255f4"), (), ("address",))
    meter: Final = Function("meter", bytes.fromhex("62cb2634"), (), ("address",))
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    period_of: Final = Function("periodOf", bytes.fromhex("640436b8"), ("bytes32",), ("uint256",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    record: Final = Function(
        "record", bytes.fromhex("683c4a42"), ("bytes32[]", "bytes", "uint256"), ("bytes32",)
    )
    resume: Final = Function("resume", bytes.fromhex("b4d262c0"), ("bytes32", "uint256"), ())
    revoke: Final = Function("revoke", bytes.fromhex("917758fe"), ("bytes32", "uint8"), ())
    revoke_batch: Final = Function(
        "revokeBatch", bytes.fromhex("16bec28a"), ("bytes32[]", "uint8"), ()
    )
    state_of: Final = Function(
        "stateOf",
        bytes.fromhex("64482ac4"),
        ("bytes32",),
        ("(uint64,uint64,uint32,uint32,uint64,uint8,uint8,uint8,bool)",),
    )
    suspend: Final = Function(
        "suspend", bytes.fromhex("dda5ddb6"), ("bytes32", "uint8", "bytes12"), ("uint256",)
    )
    suspension: Final = Function(
        "suspension",
        bytes.fromhex("47a4e6b4"),
        ("bytes32", "uint256"),
        ("(uint40,uint40,uint64,uint8,uint8,bytes12)",),
    )
    suspension_count: Final = Function(
        "suspensionCount", bytes.fromhex("8c47c718"), ("bytes32",), ("uint256", "uint256")
    )
    verdict_of: Final = Function(
        "verdictOf", bytes.fromhex("6bf05159"), ("bytes32", "uint40"), ("uint8",)
    )
    void_offer: Final = Function(
        "voidOffer", bytes.fromhex("ebd226d8"), ("bytes32", "bytes"), ("bytes32",)
    )
    word_of: Final = Function("wordOf", bytes.fromhex("b61a4d60"), ("bytes32",), ("uint256",))
    EIP712DomainChanged: Final = EventLayout(
        "EIP712DomainChanged",
        bytes.fromhex("0a6387c9ea3628b88a633bb4f3b151770f70085117a15f9bf3787cda53f13d31"),
        (),
    )
    GrantAgreed: Final = EventLayout(
        "GrantAgreed",
        bytes.fromhex("61ded90708d451246d00ca1baa1e4edc82f828c71ecb2bb1a3cbf2ca4a91734e"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("product", "bytes20", indexed=True),
            Parameter("grantee", "uint64", indexed=True),
            Parameter("parent", "bytes32", indexed=False),
            Parameter("grantorSigner", "address", indexed=False),
            Parameter("granteeSigner", "address", indexed=False),
            Parameter("consentSigner", "address", indexed=False),
            Parameter("clauses", "bytes", indexed=False),
        ),
    )
    GrantEnded: Final = EventLayout(
        "GrantEnded",
        bytes.fromhex("056d7717efb5e1e13e87768457dd7953fef4679cb87be13711aed322dd2dd5b7"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("endsAt", "uint40", indexed=False),
            Parameter("signer", "address", indexed=False),
        ),
    )
    GrantIssued: Final = EventLayout(
        "GrantIssued",
        bytes.fromhex("bebfe7a47c9f756652a95c115aa624b15722ec307fcfa84431ee3929462923ed"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("product", "bytes20", indexed=True),
            Parameter("grantee", "uint64", indexed=True),
            Parameter("clauses", "bytes", indexed=False),
        ),
    )
    GrantReplaced: Final = EventLayout(
        "GrantReplaced",
        bytes.fromhex("1e5679640e1fda1166237aa511967371e7dd8ad91f410297fe82914080131fd3"),
        (
            Parameter("replaced", "bytes32", indexed=True),
            Parameter("grant", "bytes32", indexed=True),
        ),
    )
    GrantResumed: Final = EventLayout(
        "GrantResumed",
        bytes.fromhex("387cb345588113fe676c2e60af03a96acf07759520a81c3ab1549b1ab19ca862"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
        ),
    )
    GrantRevoked: Final = EventLayout(
        "GrantRevoked",
        bytes.fromhex("492db6560a74fd3fdb493f3752c74a570f18b6a9e81fa758cfd35f89d8d80926"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("endsAt", "uint40", indexed=False),
            Parameter("reason", "uint8", indexed=False),
        ),
    )
    GrantSuspended: Final = EventLayout(
        "GrantSuspended",
        bytes.fromhex("8da3789b2587558ccad7ecb167c417472a571f167670da5654dafc391fed81b7"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("reason", "uint8", indexed=False),
            Parameter("evidence", "bytes12", indexed=False),
        ),
    )
    OfferVoided: Final = EventLayout(
        "OfferVoided",
        bytes.fromhex("8d17b6b8d3a4e4b241fe3a03671d521e3a7e8362d80ac4efc1aac8bef2150232"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("grantor", "uint64", indexed=False),
            Parameter("grantee", "uint64", indexed=False),
        ),
    )
    SubGrantIssued: Final = EventLayout(
        "SubGrantIssued",
        bytes.fromhex("7bd388de8cfd955c4c4874f15aa5481a4755cde3ec21a254311c68534d99dc6a"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("product", "bytes20", indexed=True),
            Parameter("grantee", "uint64", indexed=True),
            Parameter("parent", "bytes32", indexed=False),
            Parameter("consentSigner", "address", indexed=False),
            Parameter("clauses", "bytes", indexed=False),
        ),
    )
    UsageRecorded: Final = EventLayout(
        "UsageRecorded",
        bytes.fromhex("d25cd6767fb67df1ef85c62cc1d1b9b3940e80ac64b05f0bc49b11f8eea3f59c"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("by", "uint64", indexed=False),
            Parameter("usage", "uint256", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        EIP712DomainChanged,
        GrantAgreed,
        GrantEnded,
        GrantIssued,
        GrantReplaced,
        GrantResumed,
        GrantRevoked,
        GrantSuspended,
        OfferVoided,
        SubGrantIssued,
        UsageRecorded,
    )


class Lineage:
    """Bind `Lineage`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address")
    declare: Final = Function(
        "declare",
        bytes.fromhex("4314d10f"),
        ("bytes20", "(uint8,uint32,bytes32,uint64[],(bytes20,uint16,bytes32[],bytes)[])"),
        (),
    )
    derivation_digest: Final = Function(
        "derivationDigest", bytes.fromhex("43b627a6"), ("bytes20", "uint16"), ("bytes32",)
    )
    grant_judge: Final = Function("grantJudge", bytes.fromhex("1c300206"), (), ("address",))
    judge: Final = Function(
        "judge",
        bytes.fromhex("01f85dd6"),
        ("uint64", "(uint8,uint32,bytes32,uint64[],(bytes20,uint16,bytes32[],bytes)[])"),
        ("(bytes20,uint16,bytes32)[]",),
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    register: Final = Function(
        "register",
        bytes.fromhex("0a83845f"),
        (
            "(bytes32,bytes32,uint256)",
            "(uint8,uint32,bytes32,uint64[],(bytes20,uint16,bytes32[],bytes)[])",
        ),
        ("bytes20",),
    )
    register_batch: Final = Function(
        "registerBatch",
        bytes.fromhex("424dd9c7"),
        (
            "((bytes32,bytes32,uint256),(uint8,uint32,bytes32,uint64[],(bytes20,uint16,bytes32[],bytes)[]))[]",
        ),
        (),
    )
    update: Final = Function(
        "update",
        bytes.fromhex("14f41c67"),
        (
            "bytes20",
            "uint16",
            "bytes32",
            "bytes32",
            "(uint8,uint32,bytes32,uint64[],(bytes20,uint16,bytes32[],bytes)[])",
        ),
        ("uint16",),
    )
    ProductDerived: Final = EventLayout(
        "ProductDerived",
        bytes.fromhex("9499f034c8e5c518fe9a8a27453be2df949c34f66ab437545fcc480411a136b5"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("version", "uint16", indexed=False),
            Parameter("activity", "uint8", indexed=False),
            Parameter("purposes", "uint32", indexed=False),
            Parameter("method", "bytes32", indexed=False),
            Parameter("agents", "uint64[]", indexed=False),
            Parameter("sources", "(bytes20,uint16,bytes32)[]", indexed=False),
        ),
    )
    SourceUsed: Final = EventLayout(
        "SourceUsed",
        bytes.fromhex("23c128176282fb90b422e98c94c20006f85880f91fe9c6143f7d51ff6c853118"),
        (
            Parameter("source", "bytes20", indexed=True),
            Parameter("product", "bytes20", indexed=True),
            Parameter("sourceVersion", "uint16", indexed=False),
            Parameter("version", "uint16", indexed=False),
            Parameter("grant", "bytes32", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (ProductDerived, SourceUsed)


class PartyRegistry:
    """Bind `PartyRegistry`."""

    constructor: Final[tuple[str, ...]] = (
        "address",
        "uint8",
        "address",
        "bytes32",
        "bytes3",
        "address",
    )
    actor: Final = Function("actor", bytes.fromhex("081c96d9"), ("address", "uint240"), ("uint64",))
    admission: Final = Function("admission", bytes.fromhex("51e719cf"), ("address",), ("bytes32",))
    admit: Final = Function("admit", bytes.fromhex("d3f84a38"), ("address", "bytes32"), ())
    admit_registrar: Final = Function(
        "admitRegistrar", bytes.fromhex("63ecf4ec"), ("uint64", "bytes3"), ("uint16",)
    )
    announce_recovery: Final = Function(
        "announceRecovery", bytes.fromhex("375758ca"), ("uint64", "address", "bytes32"), ("uint40",)
    )
    appoint_agent: Final = Function(
        "appointAgent",
        bytes.fromhex("89baed6b"),
        ("address", "uint16", "uint40", "uint40", "bytes"),
        (),
    )
    authority: Final = Function("authority", bytes.fromhex("bf7e214f"), (), ("address",))
    calendar: Final = Function("calendar", bytes.fromhex("bd18ab1a"), (), ("address",))
    cancel_recovery: Final = Function("cancelRecovery", bytes.fromhex("702db0f2"), ("uint64",), ())
    dismiss_agent: Final = Function("dismissAgent", bytes.fromhex("57b64584"), ("address",), ())
    eip712_domain: Final = Function(
        "eip712Domain",
        bytes.fromhex("84b0196e"),
        (),
        ("bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"),
    )
    enrol: Final = Function("enrol", bytes.fromhex("e92a3090"), ("bytes32",), ("uint64",))
    enrolment: Final = Function("enrolment", bytes.fromhex("f9fd19c1"), (), ("uint8",))
    is_consuming_scheduled_op: Final = Function(
        "isConsumingScheduledOp", bytes.fromhex("8fb36037"), (), ("bytes4",)
    )
    key_record: Final = Function(
        "keyRecord",
        bytes.fromhex("eb501999"),
        ("address",),
        ("(uint64,uint8,uint8,uint16,uint40,uint40,uint40,uint40)",),
    )
    party_of: Final = Function("partyOf", bytes.fromhex("2cea2d3b"), ("address",), ("uint64",))
    party_record: Final = Function(
        "partyRecord",
        bytes.fromhex("acaef649"),
        ("uint64",),
        ("(address,uint8,uint16,uint40,uint32)", "bytes32"),
    )
    pause_writes: Final = Function("pauseWrites", bytes.fromhex("19af5c78"), ("uint40",), ())
    paused_until: Final = Function("pausedUntil", bytes.fromhex("da748b10"), (), ("uint40",))
    recorder: Final = Function(
        "recorder",
        bytes.fromhex("0dbaf991"),
        ("address", "uint112", "uint64", "uint64"),
        ("uint64",),
    )
    recover: Final = Function(
        "recover", bytes.fromhex("c4a05f23"), ("uint64", "uint40", "bytes"), ()
    )
    recovery: Final = Function(
        "recovery", bytes.fromhex("efcf1c98"), ("uint64",), ("(address,uint64,uint32)",)
    )
    registrar: Final = Function(
        "registrar", bytes.fromhex("21c232b3"), ("uint16",), ("uint64", "bytes3")
    )
    registrar_count: Final = Function("registrarCount", bytes.fromhex("1c8f8a93"), (), ("uint16",))
    registrar_number: Final = Function(
        "registrarNumber", bytes.fromhex("1efccd4f"), ("uint64",), ("uint16",)
    )
    require_active: Final = Function("requireActive", bytes.fromhex("2773a572"), ("uint64",), ())
    require_role: Final = Function(
        "requireRole", bytes.fromhex("bc9cb3dd"), ("uint64", "uint16"), ()
    )
    resume: Final = Function("resume", bytes.fromhex("394dbd36"), ("uint64", "uint256"), ())
    roles_of: Final = Function("rolesOf", bytes.fromhex("07eeae77"), ("uint64",), ("uint16",))
    rotate: Final = Function(
        "rotate", bytes.fromhex("e1305622"), ("address", "uint40", "bytes"), ()
    )
    set_authority: Final = Function("setAuthority", bytes.fromhex("7a9e5e4b"), ("address",), ())
    set_roles: Final = Function("setRoles", bytes.fromhex("3378472f"), ("uint64", "uint16"), ())
    standing_of: Final = Function("standingOf", bytes.fromhex("19941b1a"), ("uint64",), ("uint8",))
    suspend: Final = Function(
        "suspend", bytes.fromhex("cb38d6d6"), ("uint64", "uint8", "bytes12"), ("uint256",)
    )
    suspension: Final = Function(
        "suspension",
        bytes.fromhex("5504a1e4"),
        ("uint64", "uint256"),
        ("(uint40,uint40,uint64,uint8,uint8,bytes12)",),
    )
    suspension_count: Final = Function(
        "suspensionCount", bytes.fromhex("fccc46dd"), ("uint64",), ("uint256", "uint256")
    )
    writer: Final = Function(
        "writer", bytes.fromhex("0d6aae30"), ("address", "uint120"), ("uint64",)
    )
    writer_towards: Final = Function(
        "writerTowards", bytes.fromhex("022357f4"), ("address", "uint224", "uint64"), ("uint64",)
    )
    AgentAppointed: Final = EventLayout(
        "AgentAppointed",
        bytes.fromhex("cc2d9894031c60a5933fe4fd7385299080ccc248ee61f0736867d46c3d81dcc3"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("key", "address", indexed=True),
            Parameter("scopes", "uint16", indexed=False),
            Parameter("validUntil", "uint40", indexed=False),
        ),
    )
    AgentDismissed: Final = EventLayout(
        "AgentDismissed",
        bytes.fromhex("c9b6342ed434225683a4edfafe6786cf5630e671f11ea1670467b43dbc49ddf5"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("key", "address", indexed=True),
            Parameter("by", "address", indexed=True),
        ),
    )
    AuthorityUpdated: Final = EventLayout(
        "AuthorityUpdated",
        bytes.fromhex("2f658b440c35314f52658ea8a740e05b284cdc84dc9ae01e891f21b8933e7cad"),
        (Parameter("authority", "address", indexed=False),),
    )
    EIP712DomainChanged: Final = EventLayout(
        "EIP712DomainChanged",
        bytes.fromhex("0a6387c9ea3628b88a633bb4f3b151770f70085117a15f9bf3787cda53f13d31"),
        (),
    )
    KeyAdmitted: Final = EventLayout(
        "KeyAdmitted",
        bytes.fromhex("57952e383b6f61f0a71dcbaa2e5b110f0cf9d597cbecf6db3d087a1c9c968723"),
        (
            Parameter("key", "address", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("identityHash", "bytes32", indexed=False),
        ),
    )
    KeyRotated: Final = EventLayout(
        "KeyRotated",
        bytes.fromhex("9aae28d9ff51cb71977180f714430334df3364ce9a9186cd35d0529e4228454d"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("from", "address", indexed=True),
            Parameter("to", "address", indexed=True),
        ),
    )
    PartyEnrolled: Final = EventLayout(
        "PartyEnrolled",
        bytes.fromhex("7742b0ae5bab2f99b5f831e0e9697001f82aefc402a44ba8098df2ff26ac1af9"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("key", "address", indexed=True),
            Parameter("identityHash", "bytes32", indexed=False),
        ),
    )
    PartyRecovered: Final = EventLayout(
        "PartyRecovered",
        bytes.fromhex("53d031d76632d9a4dcac7fa59f068989fd4dccca8d37dee721f9232f389a22a2"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("from", "address", indexed=True),
            Parameter("to", "address", indexed=True),
        ),
    )
    PartyResumed: Final = EventLayout(
        "PartyResumed",
        bytes.fromhex("7ee4740eaf0b0b8b3f1c0143681d33e63cdd675572fe2ee25691f651a4480056"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
        ),
    )
    PartySuspended: Final = EventLayout(
        "PartySuspended",
        bytes.fromhex("41e8e793067de6007c5a9941f1ddfa67d2dbf825a80cb8f50923865d876894fe"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("reason", "uint8", indexed=False),
            Parameter("evidence", "bytes12", indexed=False),
        ),
    )
    RecoveryAnnounced: Final = EventLayout(
        "RecoveryAnnounced",
        bytes.fromhex("13b5c6f2e032e977344a46ebf9af6916ea81ba9a788847bd434111935c9839f1"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("key", "address", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("effectiveAt", "uint40", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    RecoveryCancelled: Final = EventLayout(
        "RecoveryCancelled",
        bytes.fromhex("3f6aa6ba64727d9bbed0ff901a3b9b332f9ff9ec79a13871bd0c3e1f0393c420"),
        (Parameter("party", "uint64", indexed=True), Parameter("by", "uint64", indexed=True)),
    )
    RegistrarAdmitted: Final = EventLayout(
        "RegistrarAdmitted",
        bytes.fromhex("48d2db4116717b66184fedabbd3ffcc6769e2b19c25144c3ba36bfb7b4a5a584"),
        (
            Parameter("party", "uint64", indexed=True),
            Parameter("number", "uint16", indexed=True),
            Parameter("seat", "bytes3", indexed=False),
        ),
    )
    RolesChanged: Final = EventLayout(
        "RolesChanged",
        bytes.fromhex("9fd34a38746380bac41893dc753bfd950f6003e7cd03a341b02e5384fd8eb648"),
        (Parameter("party", "uint64", indexed=True), Parameter("roles", "uint16", indexed=False)),
    )
    WritesPaused: Final = EventLayout(
        "WritesPaused",
        bytes.fromhex("1bf903b3f4c765655425aca2843e4780e6be675b4f1f05dfabb5c3209ed037cd"),
        (Parameter("until", "uint40", indexed=False),),
    )
    events: Final[tuple[EventLayout, ...]] = (
        AgentAppointed,
        AgentDismissed,
        AuthorityUpdated,
        EIP712DomainChanged,
        KeyAdmitted,
        KeyRotated,
        PartyEnrolled,
        PartyRecovered,
        PartyResumed,
        PartySuspended,
        RecoveryAnnounced,
        RecoveryCancelled,
        RegistrarAdmitted,
        RolesChanged,
        WritesPaused,
    )


class ProductRegistry:
    """Bind `ProductRegistry`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address", "address")
    advance: Final = Function(
        "advance",
        bytes.fromhex("a8b24804"),
        ("bytes20", "uint64", "bytes32", "bytes32"),
        ("uint16",),
    )
    anchors: Final = Function("anchors", bytes.fromhex("98d35f20"), (), ("address",))
    annotate: Final = Function(
        "annotate",
        bytes.fromhex("e0192479"),
        ("bytes20", "uint8", "uint8", "bytes32"),
        ("uint256",),
    )
    annotation_count: Final = Function(
        "annotationCount", bytes.fromhex("d0a68074"), ("bytes20",), ("uint256", "uint256")
    )
    annotations: Final = Function(
        "annotations",
        bytes.fromhex("1c877ce0"),
        ("bytes20", "uint256", "uint256"),
        ("(uint40,uint40,uint64,uint8,uint8,bytes12)[]",),
    )
    claim_count: Final = Function(
        "claimCount", bytes.fromhex("ed78f372"), ("bytes32",), ("uint256",)
    )
    claims: Final = Function(
        "claims",
        bytes.fromhex("51d042c7"),
        ("bytes32", "uint256", "uint256"),
        ("(bytes20,uint16,uint40,uint40)[]",),
    )
    confine: Final = Function("confine", bytes.fromhex("0e26cec7"), ("bytes20", "uint32"), ())
    derive: Final = Function(
        "derive",
        bytes.fromhex("8199f982"),
        ("uint64", "(bytes32,bytes32,uint256)", "uint32"),
        ("bytes20",),
    )
    desk: Final = Function("desk", bytes.fromhex("c12b293c"), (), ("address",))
    extend: Final = Function(
        "extend",
        bytes.fromhex("54f12d61"),
        ("bytes20", "uint64", "uint16", "bytes32", "bytes32"),
        ("uint16",),
    )
    head_of: Final = Function("headOf", bytes.fromhex("011ce57e"), ("bytes20",), ("uint256",))
    holding_count: Final = Function(
        "holdingCount", bytes.fromhex("0ca5f8b9"), ("bytes20",), ("uint256",)
    )
    holdings: Final = Function(
        "holdings",
        bytes.fromhex("cccc029d"),
        ("bytes20", "uint256", "uint256"),
        ("(uint64,uint8,uint40,uint40)[]",),
    )
    id_of: Final = Function(
        "idOf", bytes.fromhex("cbafccb0"), ("uint64", "bytes32", "bytes32", "uint64"), ("bytes20",)
    )
    lineage: Final = Function("lineage", bytes.fromhex("c74656e7"), (), ("address",))
    move: Final = Function(
        "move", bytes.fromhex("f49122a1"), ("bytes20", "uint64", "uint64", "uint8"), ()
    )
    open: Final = Function(
        "open",
        bytes.fromhex("4d5e5252"),
        ("uint64", "(bytes32,bytes32,uint256)", "uint8", "uint16", "uint8", "(uint64,uint8)[]"),
        ("bytes20",),
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    product_record: Final = Function(
        "productRecord",
        bytes.fromhex("d9d31f2d"),
        ("bytes20",),
        (
            "(uint64,uint8,uint8,uint8,uint8,bool,uint16,uint40,uint40,bool,uint16,uint8,uint8,uint8,bool,uint32)",
        ),
    )
    promote: Final = Function(
        "promote",
        bytes.fromhex("8ce611e7"),
        ("uint64", "(bytes32,bytes32,uint256)", "uint40"),
        ("bytes20",),
    )
    register: Final = Function(
        "register", bytes.fromhex("6511e908"), ("(bytes32,bytes32,uint256)",), ("bytes20",)
    )
    register_batch: Final = Function(
        "registerBatch", bytes.fromhex("7f9382b2"), ("(bytes32,bytes32,uint256)[]",), ()
    )
    register_listed: Final = Function(
        "registerListed",
        bytes.fromhex("7354897e"),
        ("(bytes32,bytes32,uint256)", "bytes20", "string"),
        ("bytes20",),
    )
    release: Final = Function(
        "release", bytes.fromhex("4908fa56"), ("bytes20", "uint256", "bytes32"), ()
    )
    retire: Final = Function("retire", bytes.fromhex("bafb3ae6"), ("bytes20",), ())
    rights_of: Final = Function(
        "rightsOf", bytes.fromhex("a8dc3de3"), ("bytes20", "uint64"), ("uint8",)
    )
    settle: Final = Function(
        "settle", bytes.fromhex("2e340053"), ("bytes20", "uint8", "uint16", "uint40", "uint40"), ()
    )
    transfer: Final = Function(
        "transfer", bytes.fromhex("54facbd8"), ("bytes20", "uint64", "uint8"), ()
    )
    update: Final = Function(
        "update",
        bytes.fromhex("032c3ba7"),
        ("bytes20", "uint16", "bytes32", "bytes32"),
        ("uint16",),
    )
    version_digest: Final = Function(
        "versionDigest", bytes.fromhex("56dcc91e"), ("bytes20", "uint16"), ("bytes32",)
    )
    AnnotationReleased: Final = EventLayout(
        "AnnotationReleased",
        bytes.fromhex("6d9c3abcdb82763b13dd3c15bd8c8964427d8b2405cb82d178760af5c0161a46"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    HoldersNamed: Final = EventLayout(
        "HoldersNamed",
        bytes.fromhex("e56c223ef0a30a09da8465df02150c449d79b1580d0b77139e30c2b622eab2af"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("shares", "(uint64,uint8)[]", indexed=False),
        ),
    )
    ProductAnnotated: Final = EventLayout(
        "ProductAnnotated",
        bytes.fromhex("b20dbb7f579003eba7c96070f91d0b5b05fb901c7d72ff0db868d2277b6fea99"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("kind", "uint8", indexed=False),
            Parameter("reason", "uint8", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    ProductListed: Final = EventLayout(
        "ProductListed",
        bytes.fromhex("ba218f025afc608333f09c9c285df92d7c552ae0d37b987dfb3c3ef816790fe6"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("series", "bytes20", indexed=True),
            Parameter("locator", "string", indexed=False),
        ),
    )
    ProductOpened: Final = EventLayout(
        "ProductOpened",
        bytes.fromhex("9a589984d4828694bc3c9d5a3bf1493410b575d3a4f1ae5cc84d3217eaf64bb9"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("applicant", "uint64", indexed=True),
            Parameter("profile", "uint8", indexed=False),
            Parameter("state", "uint8", indexed=False),
            Parameter("registrar", "uint16", indexed=False),
            Parameter("contentRoot", "bytes32", indexed=False),
            Parameter("metadataHash", "bytes32", indexed=False),
            Parameter("particulars", "uint256", indexed=False),
        ),
    )
    ProductRegistered: Final = EventLayout(
        "ProductRegistered",
        bytes.fromhex("34b97b0f8169c127991c57558fc9175a18592ea4a0e6f8cac476fc911438a8c3"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("applicant", "uint64", indexed=True),
            Parameter("contentRoot", "bytes32", indexed=False),
            Parameter("metadataHash", "bytes32", indexed=False),
            Parameter("particulars", "uint256", indexed=False),
        ),
    )
    ProductRetired: Final = EventLayout(
        "ProductRetired",
        bytes.fromhex("4ef2768132c2dcd845b1ca4aa63aefd3c70edc3a89b8e19a4ab6a9b0736dd22f"),
        (Parameter("product", "bytes20", indexed=True), Parameter("by", "uint64", indexed=True)),
    )
    ProductSettled: Final = EventLayout(
        "ProductSettled",
        bytes.fromhex("2b916c4b5408bf103c17c6a7a100e9c591497b463fea74077486af6040005067"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("state", "uint8", indexed=False),
            Parameter("registrar", "uint16", indexed=False),
            Parameter("since", "uint40", indexed=False),
            Parameter("until", "uint40", indexed=False),
        ),
    )
    ProductUpdated: Final = EventLayout(
        "ProductUpdated",
        bytes.fromhex("ea0e0809ebb1585a3038a38c6043402f5d6da7f09b51fd3cf6765e17b5d3e64e"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("version", "uint16", indexed=False),
            Parameter("contentRoot", "bytes32", indexed=False),
            Parameter("metadataHash", "bytes32", indexed=False),
        ),
    )
    RightsTransferred: Final = EventLayout(
        "RightsTransferred",
        bytes.fromhex("13f839511bc28576036654e664a47a76a71dada0c27a5fe068925024bf1b4c88"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("from", "uint64", indexed=True),
            Parameter("to", "uint64", indexed=True),
            Parameter("rights", "uint8", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        AnnotationReleased,
        HoldersNamed,
        ProductAnnotated,
        ProductListed,
        ProductOpened,
        ProductRegistered,
        ProductRetired,
        ProductSettled,
        ProductUpdated,
        RightsTransferred,
    )


class RegistrationDesk:
    """Bind `RegistrationDesk`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address", "address", "address")
    accept: Final = Function("accept", bytes.fromhex("c0572894"), ("bytes20", "uint16"), ())
    ask: Final = Function(
        "ask", bytes.fromhex("e78beeae"), ("bytes20", "uint16", "uint8", "bytes32"), ()
    )
    calendar: Final = Function("calendar", bytes.fromhex("bd18ab1a"), (), ("address",))
    cancel: Final = Function(
        "cancel", bytes.fromhex("5aff403c"), ("bytes20", "uint8", "bytes32"), ()
    )
    case_record: Final = Function(
        "caseRecord",
        bytes.fromhex("7e33beeb"),
        ("bytes20", "uint16"),
        (
            "(uint64,uint16,uint40,uint40,uint40,uint8,uint8,uint8,bool,bool,uint8,uint8,uint8,uint16,uint16,bool)",
        ),
    )
    certificates: Final = Function("certificates", bytes.fromhex("9b00b81f"), (), ("address",))
    concur: Final = Function(
        "concur", bytes.fromhex("d3cf18db"), ("bytes20", "uint16", "uint8"), ()
    )
    decide: Final = Function(
        "decide", bytes.fromhex("d0a7298d"), ("bytes20", "uint256", "uint8", "bytes32"), ()
    )
    docket_of: Final = Function(
        "docketOf", bytes.fromhex("78674c04"), ("bytes20",), ("(uint16,uint24)",)
    )
    draft: Final = Function(
        "draft",
        bytes.fromhex("6c20b7d5"),
        (
            "((bytes32,bytes32,uint256),uint8,uint16,bytes32,(uint64,uint8)[],(bytes20,bytes32[],bytes)[],bytes)",
        ),
        ("bytes20",),
    )
    execute_award: Final = Function(
        "executeAward",
        bytes.fromhex("07825482"),
        ("bytes20", "uint64", "uint64", "uint8", "bytes32"),
        (),
    )
    extend: Final = Function(
        "extend", bytes.fromhex("b5d80024"), ("bytes20", "uint16", "uint8", "bytes32"), ()
    )
    file: Final = Function(
        "file",
        bytes.fromhex("f3858cae"),
        ("bytes20", "(uint8,uint16,bytes32,bytes32,bytes)"),
        ("uint16",),
    )
    judge: Final = Function("judge", bytes.fromhex("573255f4"), (), ("address",))
    lapse: Final = Function("lapse", bytes.fromhex("559bee92"), ("bytes20", "uint16"), ())
    not_accept: Final = Function(
        "notAccept", bytes.fromhex("59586c4e"), ("bytes20", "uint16", "bytes32"), ()
    )
    object: Final = Function(
        "object", bytes.fromhex("832a5a66"), ("bytes20", "bytes32"), ("uint256",)
    )
    objection_count: Final = Function(
        "objectionCount", bytes.fromhex("d13e9c94"), ("bytes20",), ("uint256", "uint256")
    )
    objections: Final = Function(
        "objections",
        bytes.fromhex("a13bfc0a"),
        ("bytes20", "uint256", "uint256"),
        ("(uint40,uint40,uint64,uint8,uint8,bytes12)[]",),
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    pending_of: Final = Function(
        "pendingOf", bytes.fromhex("c44901fc"), ("bytes20", "uint16"), ("bytes32",)
    )
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    publicise: Final = Function("publicise", bytes.fromhex("915dc0fc"), ("bytes20", "uint16"), ())
    refuse: Final = Function(
        "refuse", bytes.fromhex("79293939"), ("bytes20", "uint16", "bytes32"), ()
    )
    register: Final = Function(
        "register",
        bytes.fromhex("aed58503"),
        ("bytes20", "uint16", "(bytes32,uint40,bytes32,bytes32)"),
        (),
    )
    resubmit: Final = Function(
        "resubmit", bytes.fromhex("fd93d9ee"), ("bytes20", "uint16", "bytes32", "bytes32"), ()
    )
    return_for_correction: Final = Function(
        "returnForCorrection",
        bytes.fromhex("8f28b1e1"),
        ("bytes20", "uint16", "uint8", "bytes32"),
        (),
    )
    revoke: Final = Function(
        "revoke", bytes.fromhex("f2d73157"), ("bytes20", "uint8", "bytes32"), ()
    )
    stage_of: Final = Function(
        "stageOf", bytes.fromhex("604b2652"), ("bytes20", "uint16"), ("uint8", "uint40")
    )
    submit: Final = Function(
        "submit",
        bytes.fromhex("c0d756b7"),
        (
            "((bytes32,bytes32,uint256),uint8,uint16,bytes32,(uint64,uint8)[],(bytes20,bytes32[],bytes)[],bytes)",
        ),
        ("bytes20",),
    )
    submit_draft: Final = Function(
        "submitDraft", bytes.fromhex("6471640f"), ("bytes20", "bytes32"), ()
    )
    supplement: Final = Function(
        "supplement", bytes.fromhex("f8121ee2"), ("bytes20", "uint16", "bytes32", "bytes32"), ()
    )
    waive: Final = Function(
        "waive", bytes.fromhex("04b6821a"), ("bytes20", "uint16", "bytes32"), ()
    )
    withdraw: Final = Function("withdraw", bytes.fromhex("3e7ce2b9"), ("bytes20", "uint16"), ())
    AwardExecuted: Final = EventLayout(
        "AwardExecuted",
        bytes.fromhex("452062e89b1d7f44f105c1656f23e7a415a2b86edd4b947969ef1d60224eae6f"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("from", "uint64", indexed=True),
            Parameter("to", "uint64", indexed=True),
            Parameter("by", "uint64", indexed=False),
            Parameter("rights", "uint8", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    CaseFiled: Final = EventLayout(
        "CaseFiled",
        bytes.fromhex("91678605691f0485f515c0d2eb72eabaf8f17f76310e76d8f2369ad80f3ad0b0"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint16", indexed=False),
            Parameter("pending", "bytes32", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
            Parameter("word", "uint256", indexed=False),
        ),
    )
    CaseMoved: Final = EventLayout(
        "CaseMoved",
        bytes.fromhex("69aa94ebe204bac09ace211f0272307205293cfa19eb3e84b214862d11c8e5f7"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint16", indexed=False),
            Parameter("act", "uint8", indexed=False),
            Parameter("overdue", "bool", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
            Parameter("word", "uint256", indexed=False),
        ),
    )
    ObjectionDecided: Final = EventLayout(
        "ObjectionDecided",
        bytes.fromhex("8293211404b18761e76e5435d00cbd2ebe39da40a937cdcfcf4983352e2d4e84"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("outcome", "uint8", indexed=False),
            Parameter("overdue", "bool", indexed=False),
            Parameter("reasons", "bytes32", indexed=False),
        ),
    )
    ObjectionRaised: Final = EventLayout(
        "ObjectionRaised",
        bytes.fromhex("385940543167cb71e6fcdf95266a12b9c283d2bcff90375511f544524e6565f5"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("index", "uint256", indexed=False),
            Parameter("afterRegistration", "bool", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    OperationNamed: Final = EventLayout(
        "OperationNamed",
        bytes.fromhex("df52ff3cbccdc1e1dac84b13a909d4e60d9a27f1d1f62815daf5f78b8366f951"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("basis", "bytes20", indexed=True),
            Parameter("grant", "bytes32", indexed=True),
            Parameter("end", "uint24", indexed=False),
        ),
    )
    OriginsNamed: Final = EventLayout(
        "OriginsNamed",
        bytes.fromhex("84988a3e77dfc9511e0915e11afb4cb61508a76e0ceef183505faa61f89de7b3"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("origins", "bytes20[]", indexed=False),
        ),
    )
    PendingReplaced: Final = EventLayout(
        "PendingReplaced",
        bytes.fromhex("f3ffaae04068bc65a11d9ec05d0bd2d5636433add2686fa3186e6c5ba57addec"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("index", "uint16", indexed=False),
            Parameter("pending", "bytes32", indexed=False),
        ),
    )
    RegistrationEnded: Final = EventLayout(
        "RegistrationEnded",
        bytes.fromhex("45e57823b4f18c04795ef5fa646a943ff9db58d4a04888e094036c9edca90881"),
        (
            Parameter("product", "bytes20", indexed=True),
            Parameter("by", "uint64", indexed=True),
            Parameter("act", "uint8", indexed=False),
            Parameter("reason", "uint8", indexed=False),
            Parameter("evidence", "bytes32", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        AwardExecuted,
        CaseFiled,
        CaseMoved,
        ObjectionDecided,
        ObjectionRaised,
        OperationNamed,
        OriginsNamed,
        PendingReplaced,
        RegistrationEnded,
    )


class UsageMeter:
    """Bind `UsageMeter`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "address")
    eip712_domain: Final = Function(
        "eip712Domain",
        bytes.fromhex("84b0196e"),
        (),
        ("bytes1", "string", "string", "uint256", "address", "bytes32", "uint256[]"),
    )
    grants: Final = Function("grants", bytes.fromhex("a2cfab1c"), (), ("address",))
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    products: Final = Function("products", bytes.fromhex("c71e261f"), (), ("address",))
    settle: Final = Function(
        "settle",
        bytes.fromhex("8f00c51b"),
        ("(bytes32,uint256,bytes32[],bytes,(address,bytes),(address,bytes))[]",),
        ("uint256",),
    )
    settled_of: Final = Function("settledOf", bytes.fromhex("fd91a027"), ("bytes32",), ("uint256",))
    subject_of: Final = Function("subjectOf", bytes.fromhex("43664463"), ("bytes32",), ("uint256",))
    EIP712DomainChanged: Final = EventLayout(
        "EIP712DomainChanged",
        bytes.fromhex("0a6387c9ea3628b88a633bb4f3b151770f70085117a15f9bf3787cda53f13d31"),
        (),
    )
    ReceiptSettled: Final = EventLayout(
        "ReceiptSettled",
        bytes.fromhex("8ae9064050ba690416bf5ce01cde1fc16488e68f67ccaf42f5ffbbadc2d9f38b"),
        (
            Parameter("grant", "bytes32", indexed=True),
            Parameter("receipt", "uint256", indexed=False),
            Parameter("grantorSigner", "address", indexed=False),
            Parameter("granteeSigner", "address", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (EIP712DomainChanged, ReceiptSettled)


class WorkCalendar:
    """Bind `WorkCalendar`."""

    constructor: Final[tuple[str, ...]] = ("address", "address", "uint24", "uint24", "uint256[]")
    authority: Final = Function("authority", bytes.fromhex("bf7e214f"), (), ("address",))
    correct: Final = Function("correct", bytes.fromhex("3abb5409"), ("uint24", "bool"), ())
    deadline: Final = Function(
        "deadline", bytes.fromhex("aa30b42e"), ("uint40", "uint16"), ("uint40",)
    )
    end_day: Final = Function("endDay", bytes.fromhex("15862669"), (), ("uint24",))
    exceptions: Final = Function(
        "exceptions", bytes.fromhex("46eb2902"), ("uint256",), ("uint256",)
    )
    extend: Final = Function("extend", bytes.fromhex("4e0ef318"), ("uint24", "uint256[]"), ())
    first_day: Final = Function("firstDay", bytes.fromhex("cf1405fe"), (), ("uint24",))
    is_consuming_scheduled_op: Final = Function(
        "isConsumingScheduledOp", bytes.fromhex("8fb36037"), (), ("bytes4",)
    )
    is_working: Final = Function("isWorking", bytes.fromhex("14b589ce"), ("uint24",), ("bool",))
    next_working_day: Final = Function(
        "nextWorkingDay", bytes.fromhex("2c33e9b9"), ("uint40",), ("uint40",)
    )
    parties: Final = Function("parties", bytes.fromhex("9fdb2353"), (), ("address",))
    set_authority: Final = Function("setAuthority", bytes.fromhex("7a9e5e4b"), ("address",), ())
    spent: Final = Function("spent", bytes.fromhex("3c689439"), ("uint40", "uint40"), ("uint16",))
    stop: Final = Function("stop", bytes.fromhex("2ce48ae6"), ("uint24", "uint24"), ())
    stopped: Final = Function("stopped", bytes.fromhex("75f12b21"), (), ("uint24", "uint24"))
    AuthorityUpdated: Final = EventLayout(
        "AuthorityUpdated",
        bytes.fromhex("2f658b440c35314f52658ea8a740e05b284cdc84dc9ae01e891f21b8933e7cad"),
        (Parameter("authority", "address", indexed=False),),
    )
    CalendarExtended: Final = EventLayout(
        "CalendarExtended",
        bytes.fromhex("be1eac92e97def9f79384d8a6cff5229d75286b88ba2a3d8cc99027414821c77"),
        (
            Parameter("fromDay", "uint24", indexed=False),
            Parameter("endDay", "uint24", indexed=False),
            Parameter("words", "uint256[]", indexed=False),
        ),
    )
    DayCorrected: Final = EventLayout(
        "DayCorrected",
        bytes.fromhex("6da04ad4f2f3506c16c5324b372ca73157be91e1a6a90fd71fceeb91e97df3e1"),
        (Parameter("day", "uint24", indexed=True), Parameter("working", "bool", indexed=False)),
    )
    DaysStopped: Final = EventLayout(
        "DaysStopped",
        bytes.fromhex("6829a366ed1445dd4c57a979670a8eae293a0d1e16432bac091f3678b529392e"),
        (
            Parameter("fromDay", "uint24", indexed=False),
            Parameter("untilDay", "uint24", indexed=False),
        ),
    )
    events: Final[tuple[EventLayout, ...]] = (
        AuthorityUpdated,
        CalendarExtended,
        DayCorrected,
        DaysStopped,
    )
