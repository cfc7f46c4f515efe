"""Write the page of the assurance from what docs/assurance.json holds.

Run as ``python -m scripts.gen_assurance``; with ``--check`` it writes nothing and exits with 1
when the page differs from what the data give. Nothing is run.
"""

from __future__ import annotations

import sys

from assurance.edition import ASSURANCE
from scripts.gen_benchmarks import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ASSURANCE))
