"""Keep secrets out of what is shown: keys, mnemonics, and what addresses of nodes carry.

People paste a key where an account is asked for, and providers put theirs into URLs. What is shown
ends up in logs and bug reports, so it is hidden before an error is made.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "…"
"""What stands for a secret."""

_KEY: Final = re.compile(r"(?:0[xX])?[0-9a-fA-F]{64,}")
# What is searched comes from outside and may be long: no pattern begins amid a word that it was
# tried on from its beginning, and none gives back what it took.
_MNEMONIC: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:[\s,]++[^\W\d_]++){11,}+")
_QUOTED: Final = re.compile(rf"'\s*+{_MNEMONIC.pattern}\s*+'")
_URL: Final = re.compile(
    r"(?<![A-Za-z0-9+.-])([0-9+.-]*+[A-Za-z][A-Za-z0-9+.-]*+)://[^\s'\"]++",
)
_TOKEN: Final = re.compile(r"[^\s'\"]++")
_NAMED: Final = re.compile(r"[^/]:")
_MAX_PLAIN_SEGMENT: Final = 12


def concealed(text: str) -> str:
    """Return what a person gave without keys, mnemonics and all of a URL but its scheme.

    A key is 64 hex digits or more, a mnemonic twelve words or more.

    >>> concealed("wss://me:word@node/key"), concealed("0x" + "ab" * 32), concealed("party1abc")
    ('wss://…', '…', 'party1abc')
    """
    text = _URL.sub(rf"\1://{HIDDEN}", text)
    return concealed_keys(_TOKEN.sub(_without_user, text) if "@" in text else text)


def _without_user(match: re.Match[str]) -> str:
    """Return a word without what follows a user's name and a colon, where an @ comes after them."""
    word, start = match[0], 0
    while 0 <= (end := word.find("@", start)) < len(word) - 1:
        if named := _NAMED.search(word, start, end):
            begin = word.rfind("/", start, named.start()) + 1
            return word[: max(begin, start)] + HIDDEN
        start = end + 1
    return word


def concealed_trace(trace: str) -> str:
    """Return a traceback without keys, and without mnemonics that the system's errors quote."""
    return _QUOTED.sub(HIDDEN, _KEY.sub(HIDDEN, trace))


def concealed_keys(text: str) -> str:
    """Return a text without keys and mnemonics."""
    return _MNEMONIC.sub(HIDDEN, _KEY.sub(HIDDEN, text))


def concealed_path(path: str) -> str:
    """Return a path, hidden where it is a key or a mnemonic and not a path at all."""
    name = path.rpartition("/")[2]
    secret = _KEY.fullmatch(name) or _MNEMONIC.fullmatch(name)
    return HIDDEN if secret else path


def concealed_endpoint(given: str) -> str:
    """Return of a node's address that cannot be used its scheme alone, if it has one."""
    scheme, mark, _ = given.partition("://")
    return f"{scheme}://{HIDDEN}" if mark and scheme.isalnum() else HIDDEN


def redacted(url: str) -> str:
    """Return ``url`` without what may be secret: user, password, query, key-like path segments."""
    # Imported here for start-up time: a path of a socket needs none of it.
    from urllib.parse import urlsplit  # noqa: PLC0415

    if url.startswith("/"):
        return url
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return HIDDEN
    if not parts.scheme or not parts.hostname:
        return concealed_endpoint(url)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = "/".join(HIDDEN if len(s) > _MAX_PLAIN_SEGMENT else s for s in parts.path.split("/"))
    user = f"{HIDDEN}@" if "@" in parts.netloc else ""
    query = f"?{HIDDEN}" if parts.query else ""
    return f"{parts.scheme}://{user}{host}{port}{path}{query}"
