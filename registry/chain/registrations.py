"""Pack what a registration says beside its digests into one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain.abi import AbiError
from registry.chain.bindings import ProductRegistry

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.operations import Register

_MAX_SALT: Final = 2**64 - 1
_MAX_RIGHTS: Final = 2**8 - 1
_NO_SERIES: Final = bytes(20)


def registration(item: Register) -> tuple[bytes, bytes, int]:
    """Return the ``Registration`` struct: all but the digests share one word.

    :raises AbiError: where a field does not fit, or the struct has no place for it.
    """
    if item.listed:
        raise AbiError("a series or a locator is told of a product that is registered by itself")
    return _registration(item)


def _registration(item: Register) -> tuple[bytes, bytes, int]:
    if not 0 <= item.salt <= _MAX_SALT:
        raise AbiError(f"{item.salt} is no uint64")
    if not 0 <= item.rights <= _MAX_RIGHTS:
        # One bit more would be one of the salt.
        raise AbiError(f"{int(item.rights)} is no uint8")
    return item.content_root, item.metadata_hash, item.particulars


def function_for(item: Register) -> Function:
    """Return the function that registers one product."""
    return ProductRegistry.register_listed if item.listed else ProductRegistry.register


def arguments_for(item: Register) -> tuple[AbiValue, ...]:
    """Return what the function that registers one product takes."""
    if not item.listed:
        return (registration(item),)
    series = _NO_SERIES if item.series is None else item.series.raw
    return _registration(item), series, item.locator
