"""Pack what a registration says beside its digests into one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain.abi import AbiError

if TYPE_CHECKING:
    from registry.domain.operations import Register

_SALT_SHIFT: Final = 16
_RIGHTS_SHIFT: Final = 8
_SOURCE_SHIFT: Final = 80
_FLAGS_SHIFT: Final = 84
_MAX_SALT: Final = 2**64 - 1
_MAX_RIGHTS: Final = 2**8 - 1


def registration(item: Register) -> tuple[bytes, bytes, int]:
    """Return the ``Registration`` struct: all but the digests share one word."""
    if not 0 <= item.salt <= _MAX_SALT:
        raise AbiError(f"{item.salt} is no uint64")
    if not 0 <= item.rights <= _MAX_RIGHTS:
        # One bit more would be one of the salt.
        raise AbiError(f"{int(item.rights)} is no uint8")
    rare = int(item.flags) << _FLAGS_SHIFT | int(item.source) << _SOURCE_SHIFT
    plain = item.salt << _SALT_SHIFT | item.rights << _RIGHTS_SHIFT | item.security_class
    particulars = rare | plain
    return item.content_root, item.metadata_hash, particulars
