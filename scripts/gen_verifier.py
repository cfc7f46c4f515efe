"""Write the page that verifies proofs in a browser: one file, without a server.

What the page knows of a release is data here: the layout of storage, the known builds, the format's
limits, the vocabulary and the sentences. Its code is scripts/verifier/*.js, joined as it stands.

`python -m scripts.gen_verifier` writes registry/documents/verifier.html, `--check` says whether it
is stale (exit code 1).
"""

from __future__ import annotations

import json
import re
import sys
from base64 import b64encode
from enum import IntEnum, IntFlag
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from registry import messages
from registry.domain import (
    ancestry,
    clauses,
    clauses_codec,
    directory,
    header,
    known_builds,
    layout,
    lineage,
    proof,
    proof_fields,
    proof_file,
    terms,
    words,
)
from registry.domain import grant as grants
from registry.domain.storage import Items, Key, Part, Variable

SOURCES: Final = Path(__file__).with_name("verifier")
PAGE: Final = Path(__file__).resolve().parent.parent / "registry" / "documents" / "verifier.html"
SCRIPTS: Final = (
    *("bytes", "keccak", "patricia", "json", "ids", "node", "header", "clauses", "file"),
    *("storage", "builds", "facts", "check", "wording", "page"),
)
"""The parts of the page's code, in the order in which they stand in it."""

_ENUMERATIONS: Final = {
    "form": "Form",
    "template": "Template",
    "mode": "Mode",
    "subDelegation": "SubDelegation",
    "derivedRights": "DerivedRights",
    "quotaUnit": "QuotaUnit",
    "priceModel": "PriceModel",
}
_MASKS: Final = {
    "rights": "Right",
    "actions": "Action",
    "purposes": "Purpose",
    "environment": "Environment",
    "obligations": "Obligation",
}
_FURTHER: Final = ("Activity", "AnnotationKind", *_ENUMERATIONS.values(), *_MASKS.values())
_VOCABULARY: Final = ("action", "purpose", "right", "activity", "annotation")
_AREAS: Final = ("proof.says.", "verifier.", "verdict.", "word.", "reason.")
_CODES: Final = ("proof-refused", "proof-unreadable")
_PLACES: Final = re.compile(r"\{(policy|style|data|script)\}")
_LOCAL_CHAINS: Final = (1337, 31337)
"""The numbers that nodes for development give their chains by themselves."""


def data() -> dict[str, Any]:
    """Return all that the page's code has to know."""
    return {
        "format": proof.FORMAT,
        "fields": proof_file.FIELDS,
        "limits": _limits(),
        "header": {
            "profile": header.PROFILE,
            "mandatory": header.MANDATORY,
            "later": header.LATER,
            "quantity": header.QUANTITY,
            "any": header.ANY,
        },
        "layoutNumber": known_builds.LAYOUT,
        "layout": _layout(),
        "builds": _builds(),
        "proxyHash": directory.PROXY_HASH.hex(),
        "supports": proof.SUPPORTS,
        "kinds": _kinds(),
        "codec": _codec(),
        "rules": _rules(),
        "terms": {
            "name": terms.NAME,
            "version": terms.VERSION,
            "domainType": terms.DOMAIN_TYPE,
            "termsType": terms.TERMS_TYPE,
            "clausesType": terms.CLAUSES_TYPE,
            "clauses": terms.CLAUSES,
        },
        "vocabulary": {name: _terms(name) for name in _VOCABULARY},
        "sentences": {lang: _sentences(lang) for lang in messages.LANGUAGES},
        "localChains": _LOCAL_CHAINS,
    }


def page() -> str:
    """Return the page; its policy lets it run its own script, and load nothing at all."""
    style = "\n" + (SOURCES / "page.css").read_text("utf-8")
    parts = [(SOURCES / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    load = 'const DATA = JSON.parse(document.getElementById("data").textContent);\n\n'
    script = '\n"use strict";\n\n' + load + "\n".join(parts)
    known = json.dumps(data(), ensure_ascii=False, separators=(",", ":"))
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    filled = {
        "policy": policy,
        "style": style,
        # No text can end the element that it stands in.
        "data": known.replace("<", "\\u003c"),
        "script": script,
    }
    text = (SOURCES / "page.html").read_text("utf-8")
    return _PLACES.sub(lambda found: filled[found[1]], text)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it."""
    made = page()
    if PAGE.exists() and PAGE.read_text("utf-8") == made:
        return 0
    if "--check" in arguments:
        print(f"{PAGE.name} is stale: run `python -m scripts.gen_verifier`", file=sys.stderr)
        return 1
    PAGE.write_text(made, "utf-8", newline="\n")
    return 0


def _digest(text: str) -> str:
    """Return the source expression of a content security policy that lets a text through."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _limits() -> dict[str, int]:
    return {
        **proof_file.LIMITS,
        "bytes": proof_file.MAX_BYTES,
        "ancestors": ancestry.MAX_ANCESTORS,
        "sources": lineage.MOST_SOURCES,
    }


def _layout() -> dict[str, dict[str, Any]]:
    """Return every kind of stored word by contract and name."""
    found: dict[str, dict[str, Any]] = {}
    for one in layout.VARIABLES:
        found.setdefault(one.contract, {})[one.name] = {
            "slot": one.slot,
            "path": _path(one),
            "word": [[part.name, part.bits, part.kind] for part in one.word.parts],
        }
    return found


def _path(one: Variable) -> list[list[str | int]]:
    """Return the steps from the slot to the word."""
    steps: list[list[str | int]] = []
    for step in one.path:
        if isinstance(step, Key):
            steps.append(["key", step.kind])
        elif isinstance(step, Items):
            steps.append(["items", step.size])
        else:
            steps.append(["member", step.after])
    return steps


def _builds() -> list[dict[str, Any]]:
    return [
        {
            "hash": one.hash,
            "contract": one.contract,
            "layout": one.layout,
            "filled": one.filled,
        }
        for one in known_builds.every()
    ]


def _kinds() -> dict[str, dict[str, Any]]:
    """Return the enumerations and masks that words and clauses are told in."""
    parts: set[Part] = {part for one in layout.VARIABLES for part in one.word.parts}
    named = {part.kind for part in parts if part.kind[0].isupper()} | set(_FURTHER)
    return {name: _kind(proof_fields.enumeration(name)) for name in sorted(named)}


def _kind(found: type[IntEnum | IntFlag]) -> dict[str, Any]:
    if not issubclass(found, IntFlag):
        return {"mask": False, "members": [[one.name, int(one)] for one in found]}
    members = [[name, int(found[name])] for name in words.known(found.__name__)]
    return {"mask": True, "members": members, "all": int(found["ALL"])}


def _codec() -> dict[str, Any]:
    return {
        "layout": clauses_codec.LAYOUT,
        "head": clauses_codec.HEAD,
        "fixed": clauses_codec.FIXED,
        "optional": clauses_codec.OPTIONAL,
        "bytes": sorted(clauses_codec.BYTES),
        "territories": clauses_codec.MAX_TERRITORIES,
    }


def _rules() -> dict[str, Any]:
    return {
        "enumerations": _ENUMERATIONS,
        "masks": _MASKS,
        "noticeDays": clauses.MAX_NOTICE_DAYS,
        "depth": clauses.MAX_DEPTH,
        "time": clauses.MAX_TIME,
        "unlimited": grants.UNLIMITED,
    }


def _terms(name: str) -> dict[str, dict[str, str]]:
    """Return what the members of a vocabulary are called."""
    entries = messages.vocabulary(name)["entries"]
    return {
        one["code"]: {lang: one[lang] for lang in messages.LANGUAGES if lang in one}
        for one in entries
    }


def _sentences(lang: str) -> dict[str, str]:
    """Return the sentences that the page may say; of words and reasons those it can meet."""
    known = messages.catalogue(lang)
    met = _met()
    found = {
        key: text
        for key, text in known.items()
        if key.startswith(_AREAS) and (not key.startswith(("word.", "reason.")) or key in met)
    }
    keys = [f"{area}.{code}" for code in _CODES for area in ("error", "hint")]
    return {**found, **{key: known[key] for key in keys}}


def _met() -> set[str]:
    """Return the keys of words and reasons that a verdict or a statement can hold."""
    own = json.loads((messages.CATALOGUE / "en" / "proof.json").read_bytes())
    reasons = {key for key in own if key.startswith("reason.")}
    reasons |= {key for key in messages.catalogue("en") if key.startswith("reason.proposal-")}
    kinds = _kinds().values()
    named = {name.lower().replace("_", "-") for kind in kinds for name, _ in kind["members"]}
    return {*reasons, "reason.not-json", *(f"word.{name}" for name in named)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
