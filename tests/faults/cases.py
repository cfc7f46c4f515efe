"""List the fault cases, and what each must come to.

A case is a fault that befalls a question of one operation: its identity is all four. What it must
come to is said by rules of the kinds: what a fault is seen as by whoever asked, and what becomes of
that at each place.
"""

from __future__ import annotations

from typing import Final

from tests.faults.kinds import KINDS, SEND, Family
from tests.faults.trial import DONE, Fault

STANDING: Final = "eth_getTransactionCount"
"""Where the account stands: the first that a write asks after which chain it is."""
FEE: Final = "eth_gasPrice"
ESTIMATE: Final = "eth_estimateGas"
RECEIPT: Final = "eth_getTransactionReceipt"
CHAIN: Final = "eth_chainId"
INCLUDED: Final = "eth_getBlockByHash"

LOST, BUSY, GATEWAY = "connection-lost", "node-busy", "gateway-failed"
REJECTED, REFUSED, MALFORMED = "node-rejected", "node-refused", "node-answer-malformed"
PASSING: Final = frozenset({LOST, BUSY, GATEWAY})
"""What is asked again by itself."""

_SEEN: Final[dict[str, str]] = {
    **dict.fromkeys(("cut-json", "body-twice", "batch-doubled", "gzip", "gzip-bomb"), MALFORMED),
    **dict.fromkeys(("500-html", "500-acted", "502-html", "504-acted"), GATEWAY),
    **dict.fromkeys(
        ("400-json", "500-json", "text-error", "rate-limit", "rate-limit-429"), REFUSED
    ),
    **dict.fromkeys(("length-beyond", "length-wrong", "chunk-beyond"), LOST),
    **dict.fromkeys(("headers-endless", "line-endless"), LOST),
    **dict.fromkeys(("asked-twice", "asked-twice-first", "answered-twice", "swallow"), DONE),
    **dict.fromkeys(("chunked", "padded", "length-missing", "plain-text", "batch-refused"), DONE),
}
_FAMILY: Final[dict[Family, str]] = {
    Family.DELAY: DONE,
    Family.DROP: LOST,
    Family.TRUNCATE: LOST,
    Family.REORDER: DONE,
    Family.BUSY: BUSY,
    Family.FAILURE: REJECTED,
    Family.IDS: MALFORMED,
    Family.SHAPE: MALFORMED,
    Family.STALE: DONE,
    Family.REFUSAL: REFUSED,
    Family.CHAIN: "wrong-chain",
}
_NOT_SENT: Final[dict[str, str]] = {
    **dict.fromkeys(("text-error", "method-missing", "unauthorised", "policy"), REFUSED),
    "unfunded": "insufficient-funds",
}
"""What a node says of a transaction that it will not have; all else is found out about."""


def seen(kind: str) -> str:
    """Return what a fault is to whoever asked once: an error's code, or `done`."""
    return _SEEN.get(kind) or _FAMILY[KINDS[kind].family]


def expected(fault: Fault) -> str:
    """Return what a write comes to that a fault befalls."""
    if fault.method == SEND:
        return "receipt-timeout" if fault.ever else _NOT_SENT.get(fault.kind, DONE)
    code = seen(fault.kind)
    limited = fault.kind.startswith("rate-limit")
    if fault.ever or code in (REJECTED, "wrong-chain"):
        return code
    if code in PASSING or limited or fault.method in (RECEIPT, INCLUDED):
        return DONE
    if fault.nth > 1 or (fault.method == FEE and code == REFUSED):
        # The write is under way, and followed; of itself, no price is needed.
        return DONE
    # Nothing is borne with before the node has answered once; later what makes no sense is.
    return code if fault.method in (STANDING, CHAIN) or code == REFUSED else DONE


def befalling(method: str, *, batch: bool) -> list[Fault]:
    """Return a fault of each kind that can befall a question, once."""
    return [
        Fault(name, method)
        for name, kind in KINDS.items()
        if name not in _LONG
        and kind.batches in (None, batch)
        and (not kind.methods or method in kind.methods)
    ]


_LONG: Final = ("silence", "429-later", "503-later", "gzip-bomb")
"""What takes long, and is tried at one place."""
_ALIKE: Final = frozenset(
    {
        *("interim", "reset-request", "cut-last-byte", "cut-chunks", "asked-twice-first"),
        *("429-date", "429-acted", "503-acted", "rate-limit-429", "500-acted", "504-acted"),
        *("400-json", "401-html", "404-html", "413-html", "307", "null-id", "stranger"),
        *("html", "list-result", "text-result", "deep-object", "length-wrong", "line-endless"),
    }
)
"""What is to a question what another kind is; to a transaction each is tried."""
SENT: Final = [*befalling(SEND, batch=False), Fault("silence", SEND), Fault("gzip-bomb", SEND)]
ASKED: Final = [
    fault
    for method, batch in ((STANDING, True), (FEE, True), (ESTIMATE, False), (RECEIPT, False))
    for fault in befalling(method, batch=batch)
    if fault.kind not in _ALIKE
]
EVER: Final = [
    *(
        Fault(kind, method, ever=True)
        for method in (STANDING, FEE, ESTIMATE, RECEIPT)
        for kind in ("drop-answer", "503-html", "502-html", "403-html", "wrong-id", "cut-json")
    ),
    *(
        Fault(kind, SEND, ever=True)
        for kind in ("drop-request", "swallow", "429", "500-json", "pool-full", "underpriced")
    ),
    *(Fault(kind, RECEIPT, ever=True) for kind in ("internal", "garbage", "deep-result")),
    *(Fault("wrong-chain", CHAIN, nth=nth) for nth in (1, 2, 3)),
    *(Fault(kind, CHAIN) for kind in ("drop-request", "garbage", "hole", "stale", "404-html")),
    *(Fault(kind, INCLUDED) for kind in ("drop-answer", "no-block", "garbage", "internal")),
    *(Fault(kind, STANDING, nth=2) for kind in ("stale", "stale-nonce", "garbage", "internal")),
]
MATRIX: Final = [*SENT, *ASKED, *EVER]
"""What one operation is tried with: every fault of its transaction, and of each question."""

STRONG: Final = (
    Fault("drop-request", SEND),
    Fault("drop-answer", SEND),
    Fault("cut-body", SEND),
    Fault("429-acted", SEND),
    Fault("policy-untrue", SEND),
    Fault("asked-twice", SEND),
    Fault("wrong-id", SEND),
    Fault("swallow", SEND),
    Fault("504-acted", SEND),
    Fault("nonce-too-low-untrue", SEND),
    Fault("policy", SEND),
    Fault("reset-answer", RECEIPT),
    Fault("no-receipt", RECEIPT),
    Fault("stale", STANDING, nth=2),
    Fault("hole", STANDING),
    Fault("garbage", ESTIMATE),
    Fault("underpriced", SEND),
    Fault("wrong-chain", CHAIN, nth=2),
)
"""What every operation is tried with, some at each."""
EACH: Final = 5


def chosen(place: int) -> list[Fault]:
    """Return which of the strong faults befall the operation at a place of a list."""
    turned = [STRONG[(place * EACH + step) % len(STRONG)] for step in range(EACH - 1)]
    return [*dict.fromkeys([Fault("drop-answer", SEND), *turned])]


ORDINARY: Final = (
    *("Enrol", "AdmitKey", "Suspend", "Resume", "Register", "RegisterBatch", "Update", "Transfer"),
    *("Retire", "Annotate", "Release", "Issue", "IssueBatch", "Revoke", "RevokeBatch", "Rotate"),
    *("AppointAgent", "DismissAgent", "AnnounceRecovery", "CancelRecovery", "Recover", "Anchor"),
    "Promote",
)
AGREED: Final = (
    *("Agree", "AgreeJointly", "IssueUnder", "VoidOffer", "SuspendGrant", "ResumeGrant"),
    *("EndByConsent", "RecordUsage", "SettleReceipts"),
)
DERIVED: Final = ("RegisterDerived", "RegisterDerivedBatch", "UpdateDerived", "DeclareDerivation")
FILED: Final = (
    *("Announce", "SetRoles", "Apply", "FileCase", "Proceed", "Concur", "EnterCase", "Object"),
    *("Decide", "EndRegistration", "ExecuteAward", "Certify"),
)
OPERATIONS: Final = (*ORDINARY, *AGREED, *DERIVED, *FILED)
"""Every kind of write that random sequences of valid and invalid ones come to."""


def identities() -> list[str]:
    """Return the identity of every case."""
    whole = [f"Register in all: {fault}" for fault in MATRIX]
    each = [f"{name}: {fault}" for n, name in enumerate(OPERATIONS) for fault in chosen(n)]
    told = [f"dengji {name}: {fault}" for name, fault in (*asked(), *written())]
    return [*whole, *each, *told]


ASKING: Final[dict[str, str]] = {
    "check": "check PRODUCT --grantee BUYER --action READ --purpose RESEARCH",
    "explain": "explain PRODUCT --grantee BUYER --action READ --purpose RESEARCH",
    "verify": "verify DATA",
    "product show": "product show PRODUCT",
    "product list": "product list",
    "product holders": "product holders PRODUCT",
    "product versions": "product versions PRODUCT",
    "who": "who --product PRODUCT",
    "what": "what --party BUYER",
    "trace": "trace PRODUCT",
    "grant show": "grant show GRANT",
    "grant list": "grant list --product PRODUCT",
    "watch": "watch --from 0 --until 10",
    "audit run": "audit run --anew",
    "party show": "party show HOLDER",
    "party list": "party list",
    "party keys": "party keys HOLDER",
    "registrar list": "registrar list",
    "case list": "case list",
    "certificate list": "certificate list",
    "batch list": "batch list",
    "calendar show": "calendar show",
}
"""Commands that ask, by name; capitals stand for what a world has."""
WRITING: Final[dict[str, str]] = {
    "register": "register FILE",
    "grant issue": "grant issue PRODUCT --to BUYER --action READ --purpose RESEARCH",
    "usage record": "usage record GRANT --action READ --purpose RESEARCH",
    "product annotate": "product annotate PRODUCT --kind LIMIT --reason RISK",
}
"""Commands that write."""
BEFALLEN: Final = (
    Fault("policy", SEND),
    Fault("unfunded", SEND),
    Fault("drop-answer", SEND),
    Fault("policy-untrue", SEND),
    Fault("404-html", ESTIMATE),
    Fault("garbage", STANDING),
    Fault("429", STANDING, ever=True),
    Fault("502-html", STANDING, ever=True),
    Fault("reset-answer", STANDING, ever=True),
)
"""What befalls each of them."""
PASSING_ONCE: Final = ("drop-answer", "cut-body", "503-html", "504-acted", "asked-twice")
LASTING: Final = ("reset-answer", "429", "502-html", "403-html", "garbage", "deep-list", "internal")
"""What ends a question where it lasts: one of each code that a person may be told, and more."""


def asked() -> list[tuple[str, Fault]]:
    """Return the cases of commands that ask: some faults that pass, some that last."""
    cases = []
    for place, name in enumerate(ASKING):
        once = [PASSING_ONCE[(place + step) % len(PASSING_ONCE)] for step in (0, 2)]
        ever = [LASTING[(place + step) % len(LASTING)] for step in (0, 1, 3)]
        cases += [(name, Fault(kind, "*")) for kind in once]
        cases += [(name, Fault(kind, "*", nth=2)) for kind in once]
        cases += [(name, Fault(kind, "*", ever=True)) for kind in ever]
    return cases


def written() -> list[tuple[str, Fault]]:
    """Return the cases of commands that write."""
    return [(name, fault) for name in WRITING for fault in BEFALLEN]
