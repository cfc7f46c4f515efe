"""Run `python -m cli` as `dengji`."""

from cli.main import entry

if __name__ == "__main__":
    entry()
