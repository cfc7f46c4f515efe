"""Run `python -m cli` as `dengji`."""

import sys

from cli.main import main

if __name__ == "__main__":
    sys.exit(main())
