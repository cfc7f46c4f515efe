"""Read catalogue identifiers as one implementer understands the NDI's technical report.

`REGION(6) ORGANISATION(9) / TYPE(1) SERIAL(6) CHECK(2)`, such as `410000MB0000019/P00000132`: the
region of GB/T 2260, the organisation code of GB 11714 (the 9th to 17th character of a credit code)
with its own check character, a type, a serial number, two check digits. The report was not at hand
and what implementers say of it disagrees: that the check digits are those of ISO 7064 MOD 97-10
over all characters before them is our choice, which another scheme of this name may replace.

>>> NDI.parse("410000mb0000019/p000001" + NDI.check("410000MB0000019/P000001"))
'410000MB0000019/P00000132'
"""

from __future__ import annotations

import re
from typing import Final

from registry.errors import ProductCodeMistyped

_FORM: Final = re.compile(
    r"(?P<region>\d{6})(?P<organisation>[0-9A-Z]{9})/(?P<type>[A-Z])(?P<serial>[0-9A-Z]{6})"
    r"(?P<check>\d{2})",
    re.ASCII,
)
_LENGTH: Final = 25
_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_MODULUS: Final = 97


class NdiScheme:
    """Read and check the identifiers of the national catalogue."""

    name: Final = "ndi"

    def looks_so(self, text: str) -> bool:
        """Tell whether a text is meant as one: six digits first, one slash."""
        return text[:6].isdecimal() and text.count("/") == 1

    def parse(self, text: str) -> str:
        """Return the one written form, in capitals; raises `ProductCodeMistyped`."""
        given = text.strip().upper()
        match = _FORM.fullmatch(given)
        if match is None:
            short = len(given) != _LENGTH
            raise _mistyped(text, "wrong-length" if short else "bad-character")
        if self.check(given[:-2]) != match["check"]:
            raise _mistyped(text, "bad-checksum")
        if _organisation_check(match["organisation"][:8]) != match["organisation"][8]:
            raise _mistyped(text, "bad-checksum")
        if not _is_region(match["region"]):
            raise _mistyped(text, "unknown-region")
        return given

    def check(self, body: str) -> str:
        """Return the two check digits over all that stands before them (ISO 7064 MOD 97-10)."""
        digits = "".join(str(int(one, 36)) for one in body.replace("/", ""))
        return f"{98 - int(digits) * 100 % _MODULUS:02}"


NDI: Final = NdiScheme()


def _organisation_check(body: str) -> str:
    """Return the check character of an organisation code's first eight (GB 11714)."""
    total = sum(int(one, 36) * weight for one, weight in zip(body, _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def _is_region(code: str) -> bool:
    from registry.domain import code_lists  # noqa: PLC0415 (start-up time: a long list)

    return code in code_lists.entries("region")


def _mistyped(given: str, problem: str) -> ProductCodeMistyped:
    return ProductCodeMistyped(given=given, scheme="ndi", problem=problem)
