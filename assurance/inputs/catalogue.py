"""Hold all targets by their names."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from assurance.inputs import bytes_of_chains, documents, home, node, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assurance.inputs.trial import Target

_MODULES: Final = (documents, words, node, bytes_of_chains, home)


@cache
def module_of(name: str) -> str:
    """Return the module in which a target stands."""
    return next(
        module.__name__ for module in _MODULES for one in module.targets() if one.name == name
    )


@cache
def targets() -> Mapping[str, Target]:
    """Return all targets by their names; raises ValueError where two have one name."""
    found = [one for module in _MODULES for one in module.targets()]
    named = {one.name: one for one in found}
    if len(named) != len(found):
        raise ValueError("two targets with one name")
    return MappingProxyType(named)
