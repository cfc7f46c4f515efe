"""Say where each contract keeps what: the places that proofs and audits rest on.

A proof names a word by contract, name and keys, and everyone who checks it computes the place from
them; so what is said here must never change for a contract that exists. Where a contract keeps
things otherwise, it is another contract, with another hash of its code.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from registry.domain import layout_words as words
from registry.domain.storage import Items, Key, Member, Variable

if TYPE_CHECKING:
    from registry.domain.storage import Step, Word

_KEY: Final = Key("key", "address")
_PARTY: Final = Key("party", "uint64")
_PRODUCT: Final = Key("product", "bytes20")
_GRANT: Final = Key("grant", "bytes32")
_ROOT: Final = Key("contentRoot", "bytes32")
_INDEX: Final = Key("index", "uint256")
_CASE: Final = Key("index", "uint16")
_REGISTRAR: Final = Key("registrar", "uint16")
_ROLE: Final = Key("role", "uint64")
_TARGET: Final = Key("target", "address")
_ENTRY: Final = Items("index", 3)


def _log(contract: str, name: str, slot: int, key: Key, about: str) -> tuple[Variable, Variable]:
    """Return the two kinds of words of a log of intervals."""
    label = f"_{name}s"
    return (
        Variable(contract, f"{name}Counts", label, slot, (key,), words.COUNTS, f"How many {about}"),
        Variable(
            contract,
            f"{name}s",
            label,
            slot,
            (key, Member("words", 1), _INDEX),
            words.INTERVAL,
            f"One of the {about}, by its index",
        ),
    )


def _domain(contract: str, slot: int) -> tuple[Variable, ...]:
    """Return what an EIP-712 domain keeps where its texts are too long for the code: nothing."""
    about = "Empty: the {} of the signing domain is short enough for the code"
    return tuple(
        Variable(contract, name, f"_{name}", slot + after, (), words.TEXT, about.format(text))
        for after, (name, text) in enumerate(
            (("nameFallback", "name"), ("versionFallback", "version"))
        )
    )


def _managed(contract: str) -> Variable:
    return Variable(
        contract,
        "authority",
        "_authority",
        0,
        (),
        words.AUTHORITY,
        "The access manager of its administrative functions",
    )


def _made(
    contract: str, slot: int, rows: tuple[tuple[str, tuple[Step, ...], Word, str], ...]
) -> tuple[Variable, ...]:
    """Return private variables that follow one another from a slot on."""
    return tuple(
        Variable(contract, name, f"_{name}", slot + after, path, word, about)
        for after, (name, path, word, about) in enumerate(rows)
    )


_DIRECTORY: Final = (
    Variable("Directory", "entryCount", "_entries", 0, (), words.COUNT, "How many contracts"),
    *(
        Variable("Directory", name, "_entries", 0, (_ENTRY, Member(member, after)), word, about)
        for after, (name, member, word, about) in enumerate(
            (
                ("entryNames", "name", words.HASH, "A contract's name, ASCII, filled with zeros"),
                ("entryLocations", "location", words.ADDRESS, "Its address"),
                (
                    "entryCodeHashes",
                    "codeHash",
                    words.HASH,
                    "The hash of the code it was made with",
                ),
            )
        )
    ),
    Variable(
        "Directory",
        "places",
        "_places",
        1,
        (Key("name", "bytes32"),),
        words.COUNT,
        "The index of a contract's entry by its name, plus one",
    ),
    Variable("Directory", "sealedAt", "sealedAt", 2, (), words.TIME, "When it was completed"),
)

_PARTIES: Final = (
    _managed("PartyRegistry"),
    *_domain("PartyRegistry", 1),
    *_made(
        "PartyRegistry",
        3,
        (
            ("keys", (_KEY,), words.KEY, "A key, whose it is, and when"),
            ("parties", (_PARTY,), words.PARTY, "A party"),
            ("identities", (_PARTY,), words.HASH, "The salted hash of a party's identity"),
        ),
    ),
    *_log("PartyRegistry", "suspension", 6, _PARTY, "suspensions of a party"),
    Variable(
        "PartyRegistry",
        "admissions",
        "_admissions",
        7,
        (_KEY,),
        words.HASH,
        "The hash of the identity that a registrar admitted a key with, until it enrols",
    ),
    Variable(
        "PartyRegistry",
        "pausedUntil",
        "pausedUntil",
        8,
        (),
        words.TIME,
        "When the last pause of new writes ends or ended",
    ),
    *_made(
        "PartyRegistry",
        9,
        (
            ("recoveries", (_PARTY,), words.RECOVERY, "The recovery announced for a party"),
            (
                "registrars",
                (Key("number", "uint16"),),
                words.REGISTRAR,
                "The registrar with a number, and its seat",
            ),
            ("registrarNumbers", (_PARTY,), words.NUMBER, "A party's number as a registrar"),
            ("seats", (Key("seat", "bytes3"),), words.NUMBER, "The number of a seat's registrar"),
        ),
    ),
    Variable(
        "PartyRegistry",
        "registrarCount",
        "registrarCount",
        13,
        (),
        words.NUMBER,
        "How many registrars were ever seated",
    ),
)

_PRODUCTS: Final = (
    Variable(
        "ProductRegistry", "heads", "_records", 0, (_PRODUCT,), words.HEAD, "The head of a product"
    ),
    Variable(
        "ProductRegistry",
        "firstClaims",
        "_claims",
        1,
        (_ROOT,),
        words.CLAIM,
        "The first claim on a content root, with the count of all",
    ),
    Variable(
        "ProductRegistry",
        "claims",
        "_claims",
        1,
        (_ROOT, Member("later", 1), _INDEX),
        words.CLAIM,
        "A later claim on a content root, from index 1 on",
    ),
    *_made(
        "ProductRegistry",
        2,
        (
            (
                "versions",
                (_PRODUCT, Key("version", "uint256")),
                words.HASH,
                "The digest of a version, from version 2 on",
            ),
            ("holdings", (_PRODUCT, _INDEX), words.HOLDING, "Who held which rights, and when"),
            ("holdingCounts", (_PRODUCT,), words.COUNT, "How many holdings were recorded"),
            (
                "openHoldings",
                (_PRODUCT, _PARTY),
                words.COUNT,
                "The index of a party's holding that lasts, plus one",
            ),
        ),
    ),
    *_log("ProductRegistry", "annotation", 6, _PRODUCT, "annotations of a product"),
)

_GRANTS: Final = (
    *_domain("GrantRegistry", 0),
    *_made(
        "GrantRegistry",
        2,
        (
            ("grants", (_GRANT,), words.GRANT, "A grant"),
            ("periods", (_GRANT,), words.PERIOD, "A grant's quota for each period, and its use"),
        ),
    ),
    *_log("GrantRegistry", "suspension", 4, _GRANT, "suspensions of a grant"),
)

_METER: Final = (
    *_domain("UsageMeter", 0),
    *_made(
        "UsageMeter",
        2,
        (
            ("settled", (_GRANT,), words.SETTLED, "What the receipts of a grant come to"),
            ("subjects", (_GRANT,), words.SUBJECT, "What a grant with receipts is about"),
        ),
    ),
)

_DESK: Final = (
    *_made(
        "RegistrationDesk",
        0,
        (
            ("dockets", (_PRODUCT,), words.DOCKET, "What is kept of a product beside its cases"),
            ("cases", (_PRODUCT, _CASE), words.CASE, "A case as it was last written"),
            ("pending", (_PRODUCT, _CASE), words.HASH, "What a case would change"),
        ),
    ),
    *_log("RegistrationDesk", "objection", 3, _PRODUCT, "objections to a product"),
    Variable(
        "RegistrationDesk",
        "lastObjections",
        "_lastObjections",
        4,
        (_PRODUCT, _PARTY),
        words.COUNT,
        "The index of a party's last objection, plus one",
    ),
)

_CERTIFICATES: Final = _made(
    "CertificateRegistry",
    0,
    (
        ("codeRecords", (_PRODUCT,), words.CODE, "A product's code, and how many certificates"),
        (
            "serials",
            (_REGISTRAR, Key("month", "uint24")),
            words.SERIALS,
            "The last serial numbers that a registrar gave in a month",
        ),
        ("codes", (Key("code", "bytes15"),), words.PRODUCT, "The product with a code"),
        (
            "certificates",
            (_PRODUCT, Key("number", "uint16")),
            words.CERTIFICATE,
            "A certificate that was handed out",
        ),
    ),
)

_LINEAGE: Final = _made(
    "Lineage",
    0,
    (
        (
            "derivations",
            (_PRODUCT, Key("version", "uint256")),
            words.HASH,
            "The digest of what a version was made of",
        ),
    ),
)

_ANCHORS: Final = _made(
    "BatchAnchor",
    0,
    (
        (
            "anchors",
            (_PARTY, Key("root", "bytes32")),
            words.ANCHOR,
            "When a party anchored a root, and of how many leaves",
        ),
    ),
)

_CALENDAR: Final = (
    _managed("WorkCalendar"),
    Variable(
        "WorkCalendar",
        "exceptions",
        "exceptions",
        1,
        (Key("word", "uint256"),),
        words.DAYS,
        "256 days, of which those with a bit are not what their day of the week says",
    ),
    Variable(
        "WorkCalendar",
        "days",
        "endDay",
        2,
        (),
        words.CALENDAR,
        "How far it reaches, what is stopped",
    ),
)

_AUTHORITY: Final = (
    Variable(
        "Authority",
        "targetRoles",
        "_targets",
        0,
        (_TARGET, Member("allowedRoles", 0), Key("selector", "bytes4")),
        words.ROLE,
        "The role that may call a function of a contract",
    ),
    Variable(
        "Authority",
        "targets",
        "_targets",
        0,
        (_TARGET, Member("adminDelay", 1)),
        words.TARGET,
        "Whether a contract is closed to administration",
    ),
    Variable(
        "Authority",
        "members",
        "_roles",
        1,
        (_ROLE, Member("members", 0), Key("account", "address")),
        words.MEMBER,
        "Since when an account has a role, and with what delay",
    ),
    Variable(
        "Authority",
        "roles",
        "_roles",
        1,
        (_ROLE, Member("admin", 1)),
        words.ROLE_CONFIG,
        "Who administers a role",
    ),
    Variable(
        "Authority",
        "schedules",
        "_schedules",
        2,
        (Key("operation", "bytes32"),),
        words.SCHEDULE,
        "When an operation that was announced may be carried out",
    ),
    Variable(
        "Authority",
        "executionId",
        "_executionId",
        3,
        (),
        words.HASH,
        "The operation that is being carried out, between transactions none",
    ),
)

VARIABLES: Final = (
    *_DIRECTORY,
    *_AUTHORITY,
    *_PARTIES,
    *_PRODUCTS,
    *_GRANTS,
    *_METER,
    *_CALENDAR,
    *_CERTIFICATES,
    *_DESK,
    *_LINEAGE,
    *_ANCHORS,
)
"""Every kind of word that a contract keeps; contracts not named here keep nothing of their own."""


@cache
def _by_name() -> dict[tuple[str, str], Variable]:
    return {(one.contract, one.name): one for one in VARIABLES}


def variable(contract: str, name: str) -> Variable:
    """Return one kind of stored word by its contract and name; raises `LookupError`.

    >>> variable("GrantRegistry", "grants").place(bytes(32)).hex()[:8]
    'ac33ff75'
    """
    return _by_name()[contract, name]


def variables(contract: str) -> tuple[Variable, ...]:
    """Return all kinds of words that a contract keeps, in the order of their slots."""
    return tuple(one for one in VARIABLES if one.contract == contract)
