"""Hash with Keccak-256, the hash of Ethereum.

The backend is `safe-pysha3`, a small C module. Measured side by side: it is imported in 6 ms where
pycryptodome's takes 60 ms, and hashes 64 bytes in 2 µs where pycryptodome's takes 15 µs. eth-hash,
which would choose between them, takes pycryptodome wherever it finds it.
"""

# The package's C module itself: around it, `sha3` would load hashlib, with OpenSSL behind it.
from _pysha3 import keccak_256


def keccak(data: bytes) -> bytes:
    """Return the Keccak-256 digest of `data`, 32 bytes.

    >>> keccak(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    digest: bytes = keccak_256(data).digest()
    return digest
