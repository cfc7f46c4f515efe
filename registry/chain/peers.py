"""Tell who stands behind a local socket, and refuse whom it should not be.

A socket is judged by its owner, its mode and the folder that it lies in, so that nobody else can
have put another there; then whoever answers by the credentials that the system vouches for.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
from typing import TYPE_CHECKING, Final

from registry.errors import SignerExposed, SignerUnreachable

if TYPE_CHECKING:
    from pathlib import Path

_CREDENTIALS: Final = struct.Struct("iII")
_ROOT: Final = 0


def refuse_strange_socket(path: Path, owner: int) -> None:
    """Refuse what is no socket of `owner`, or what others could open or exchange.

    A socket of one's own is for oneself alone; one of another user may be shared with a group.
    The folder's owner is one of the two, or the administrator, and nobody else may write there.
    Raises SignerUnreachable where there is nothing, SignerExposed.
    """
    try:
        found, folder = path.lstat(), path.parent.stat()
    except OSError as error:
        raise SignerUnreachable(socket=str(path), reason=error.strerror or str(error)) from error
    own = os.geteuid()
    others = stat.S_IRWXO | (stat.S_IRWXG if owner == own else 0)
    problem = None
    if not stat.S_ISSOCK(found.st_mode):
        problem = "signer-no-socket"
    elif found.st_uid != owner:
        problem = f"signer-owner:{found.st_uid}"
    elif found.st_mode & others:
        problem = f"signer-mode:{stat.S_IMODE(found.st_mode):04o}"
    elif folder.st_uid not in (own, owner, _ROOT):
        problem = f"signer-folder-owner:{folder.st_uid}"
    elif folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        problem = f"signer-folder-mode:{stat.S_IMODE(folder.st_mode):04o}"
    if problem is not None:
        raise SignerExposed(socket=str(path), reason=problem)


def refuse_stranger(connection: socket.socket, path: Path, owner: int) -> None:
    """Refuse to speak to a program of another user than `owner`; raises SignerExposed.

    Where the system does not tell who it is, the socket's owner and folder have to do.
    """
    user = user_of(connection)
    if user is not None and user != owner:
        raise SignerExposed(socket=str(path), reason=f"signer-peer:{user}")


def user_of(connection: socket.socket) -> int | None:
    """Return the user of the program at the other end; None where the system does not tell."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    told = connection.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(told)[1]
    return user
