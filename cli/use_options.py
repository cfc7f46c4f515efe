"""Declare the sides of a use that is asked about, for the commands that judge one."""

from __future__ import annotations

from typing import Final

from cli.grammar import argument, option, together
from cli.types import PARTY_OR_ME, PRODUCT, TERRITORY, VERSION, NumberType, WordType

use_asked_about: Final = together(
    argument("product", type=PRODUCT),
    option("--grantee", type=PARTY_OR_ME, required=True, metavar="PARTY"),
    option("--action", type=WordType("Action"), required=True, metavar="ACTION"),
    option("--purpose", type=WordType("Purpose"), required=True, metavar="PURPOSE"),
    option("--amount", type=NumberType(min=0), default=1, metavar="NUMBER"),
    option("--version", type=VERSION, default=0, metavar="NUMBER"),
    option("--environment", type=WordType("Environment"), metavar="WHERE"),
    option("--territory", type=TERRITORY, default=0, metavar="CODE"),
    option("--at", metavar="WHEN"),
)
"""Declare `product`, `grantee`, `action`, `purpose`, `amount`, `version`, `environment`,
`territory` and `at`."""
