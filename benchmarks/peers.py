"""What the same task costs elsewhere, in gas, and how that was measured.

Measured on anvil 1.7.1 with the contracts of the projects' npm packages, in November 2026; gas is
the receipt's, a transaction of its own. The payload on Ethereum Attestation Service: a product is
two 32-byte hashes, a 60-byte URI and a parent; a grant is product, grantee, window, purpose and
quota. On Ocean Protocol a product is `createNftWithErc20` and `setMetaData` with a DDO of 2 KB, its
use the first `startOrder`; a revocation was not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EAS: Final[Mapping[str, int]] = {
    "register": 342_760,
    "grant": 319_620,
    "revoke": 79_460,
    "register_100": 302_071,
    "grant_100": 278_848,
    "revoke_100": 38_962,
}
"""Gas by operation; those ending in _100 for each of a hundred in one transaction."""

OCEAN: Final[Mapping[str, int]] = {"register": 1_220_916, "grant": 145_019}
"""Gas by operation."""
