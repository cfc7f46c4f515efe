"""Draw docs/certificate.png: a certificate as it is printed, from the sample that the tests use.

    python -m scripts.certificate_picture [FILE]

Needs chromium and a Chinese font; the picture is for readers, and nothing is tested against it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from registry.documents.certificate_page import certificate_page
from tests.certificates import SAMPLE

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = ROOT / "docs" / "certificate.png"
SHEET: Final = "794,1123"  # A4 at 96 dots an inch
FLUSH: Final = "<style>body { margin: 0 !important; }</style>"


def draw(picture: Path) -> None:
    """Print the sample and take a picture of its one sheet."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "certificate.html"
        page.write_text(certificate_page(SAMPLE).replace("</head>", f"{FLUSH}</head>"), "utf-8")
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={folder}/profile", f"--window-size={SHEET}"),
                *(f"--screenshot={picture}", page.as_uri()),
            ],
            check=True,
            capture_output=True,
        )


def main(arguments: list[str]) -> int:
    """Draw the picture."""
    draw(Path(arguments[0]).resolve() if arguments else PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
