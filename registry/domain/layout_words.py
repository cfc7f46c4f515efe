"""Describe how the contracts divide the words that they store, from the highest bits to the lowest.

The names are those of the fields in Solidity. Words that Solidity itself packs, which are those of
its structs, have their first field in the lowest bits; the ledger's own have it in the highest.
"""

from __future__ import annotations

from typing import Final

from registry.domain.storage import WORD_BITS, Part, Word


def _whole(name: str, kind: str, bits: int = WORD_BITS) -> Word:
    """Return a word of one value, in its lowest bits."""
    rest = WORD_BITS - bits
    return Word(name, (*((_spare(rest),) if rest else ()), Part("value", bits, kind)))


def _spare(bits: int) -> Part:
    return Part("", bits)


HASH: Final = _whole("hash", "bytes")
COUNT: Final = _whole("count", "count")
TIME: Final = _whole("time", "time", 40)
NUMBER: Final = _whole("number", "number", 16)
ADDRESS: Final = _whole("address", "address", 160)
TEXT: Final = _whole("text", "bytes")
PRODUCT: Final = _whole("product", "product", 160)
ROLE: Final = _whole("roleNumber", "number", 64)
DAYS: Final = _whole("days", "mask")

AUTHORITY: Final = Word(
    "authority",
    (_spare(88), Part("consuming", 8, "flag"), Part("authority", 160, "address")),
)

# PartyRegistry

KEY: Final = Word(
    "Key",
    (
        Part("party", 64, "party"),
        Part("kind", 8, "KeyKind"),
        Part("standing", 8, "Standing"),
        Part("scopes", 16, "Scope"),
        Part("fromTime", 40, "time"),
        Part("untilTime", 40, "time"),
        Part("fromBlock", 40, "block"),
        Part("untilBlock", 40, "block"),
    ),
)
PARTY: Final = Word(
    "Party",
    (
        Part("controller", 160, "address"),
        Part("standing", 8, "Standing"),
        Part("roles", 16, "Role"),
        Part("since", 40, "time"),
        Part("agentsSince", 32, "time"),
    ),
)
RECOVERY: Final = Word(
    "Recovery",
    (Part("key", 160, "address"), Part("by", 64, "party"), Part("effectiveAt", 32, "time")),
)
REGISTRAR: Final = Word(
    "Registrar", (_spare(168), Part("seat", 24, "bytes"), Part("party", 64, "party"))
)

# Intervals, of whatever kind

COUNTS: Final = Word("counts", (Part("live", 128, "count"), Part("total", 128, "count")))
INTERVAL: Final = Word(
    "Interval",
    (
        Part("from", 40, "time"),
        Part("to", 40, "time"),
        Part("by", 64, "party"),
        Part("kind", 8, "number"),
        Part("reason", 8, "Reason"),
        Part("evidence", 96, "bytes"),
    ),
)

# ProductRegistry

HEAD: Final = Word(
    "ProductHead",
    (
        Part("applicant", 64, "party"),
        Part("registrar", 16, "number"),
        Part("profile", 4, "Profile"),
        Part("state", 6, "ProductState"),
        Part("rights", 3, "Right"),
        Part("moved", 1, "flag"),
        Part("class", 2, "SecurityClass"),
        Part("operated", 1, "flag"),
        Part("derived", 1, "flag"),
        Part("latest", 16, "number"),
        Part("since", 40, "time"),
        Part("until", 40, "time"),
        Part("seizures", 6, "count"),
        Part("controls", 6, "count"),
        Part("disputes", 6, "count"),
        Part("purposes", 32, "Purpose"),
        _spare(12),
    ),
)
CLAIM: Final = Word(
    "Claim",
    (
        Part("product", 160, "product"),
        Part("version", 16, "number"),
        Part("firstAt", 40, "time"),
        Part("count", 40, "count"),
    ),
)
ANCHOR: Final = Word(
    "Anchor",
    (_spare(184), Part("since", 40, "time"), Part("leaves", 32, "count")),
)
HOLDING: Final = Word(
    "Holding",
    (
        Part("party", 64, "party"),
        _spare(104),
        Part("rights", 8, "Right"),
        Part("from", 40, "time"),
        Part("to", 40, "time"),
    ),
)

# GrantRegistry and UsageMeter

GRANT: Final = Word(
    "GrantState",
    (
        Part("grantor", 64, "party"),
        Part("grantee", 64, "party"),
        Part("since", 32, "time"),
        Part("endsAt", 32, "time"),
        Part("remaining", 52, "count"),
        Part("noticeDays", 6, "number"),
        Part("stage", 3, "GrantStage"),
        Part("origin", 2, "GrantOrigin"),
        Part("periodic", 1, "flag"),
    ),
)
PERIOD: Final = Word(
    "Period",
    (
        _spare(24),
        Part("limit", 64, "count"),
        Part("used", 64, "count"),
        Part("length", 32, "number"),
        Part("index", 32, "number"),
        Part("firstAt", 40, "time"),
    ),
)
SETTLED: Final = Word(
    "Settled",
    (
        _spare(120),
        Part("cumulative", 64, "count"),
        Part("sequence", 32, "number"),
        Part("usedAt", 40, "time"),
    ),
)
SUBJECT: Final = Word(
    "Subject",
    (
        Part("product", 160, "product"),
        Part("purposes", 32, "Purpose"),
        Part("actions", 32, "Action"),
        Part("validFrom", 32, "time"),
    ),
)

# RegistrationDesk and CertificateRegistry

DOCKET: Final = Word(
    "Docket", (_spare(216), Part("operationEnd", 24, "day"), Part("laterCases", 16, "count"))
)
CASE: Final = Word(
    "Case",
    (
        Part("filer", 64, "party"),
        Part("registrar", 16, "number"),
        Part("submittedAt", 40, "time"),
        Part("since", 40, "time"),
        Part("publicisedAt", 40, "time"),
        Part("kind", 3, "CaseKind"),
        Part("stage", 4, "Stage"),
        Part("profile", 2, "Profile"),
        Part("returned", 1, "flag"),
        Part("waived", 1, "flag"),
        Part("dueDays", 5, "number"),
        Part("extension", 4, "number"),
        Part("spentDays", 7, "number"),
        Part("objections", 12, "count"),
        Part("awaited", 16, "mask"),
        Part("joint", 1, "flag"),
    ),
)
CODE: Final = Word(
    "CodeRecord",
    (
        _spare(136),
        Part("amendedAt", 40, "time"),
        Part("certificateCount", 16, "count"),
        Part("profile", 8, "Profile"),
        Part("serial", 16, "number"),
        Part("month", 24, "number"),
        Part("registrar", 16, "number"),
    ),
)
SERIALS: Final = Word(
    "serials", (_spare(224), Part("public", 16, "number"), Part("property", 16, "number"))
)
CERTIFICATE: Final = Word(
    "Certificate",
    (
        _spare(8),
        Part("version", 16, "number"),
        Part("issuedAt", 40, "time"),
        Part("digest", 192, "bytes"),
    ),
)

# WorkCalendar

CALENDAR: Final = Word(
    "calendar",
    (
        _spare(184),
        Part("stoppedUntil", 24, "day"),
        Part("stoppedFrom", 24, "day"),
        Part("endDay", 24, "day"),
    ),
)

# Authority, which is OpenZeppelin's access manager

TARGET: Final = Word(
    "TargetConfig", (_spare(136), Part("closed", 8, "flag"), Part("adminDelay", 112, "number"))
)
MEMBER: Final = Word(
    "Access", (_spare(96), Part("delay", 112, "number"), Part("since", 48, "time"))
)
ROLE_CONFIG: Final = Word(
    "RoleConfig",
    (
        _spare(16),
        Part("grantDelay", 112, "number"),
        Part("guardian", 64, "number"),
        Part("admin", 64, "number"),
    ),
)
SCHEDULE: Final = Word(
    "Schedule", (_spare(176), Part("nonce", 32, "number"), Part("timepoint", 48, "time"))
)
