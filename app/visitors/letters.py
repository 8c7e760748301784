"""Where this machine keeps the letters that pages to print are set in."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

FONTS: Final = Path("/usr/share/fonts")
WEST_IN: Final = tuple(FONTS / place for place in ("truetype/dejavu", "TTF", "dejavu-sans-fonts", "truetype/ttf-dejavu", "dejavu"))
EAST_IN: Final = tuple(FONTS / place for place in ("truetype/droid", "TTF", "google-droid-sans-fonts", "droid"))


def west(places: Iterable[Path] = WEST_IN) -> dict[str, Path]:
    """DejaVu Sans, plain and bold, by style: Latin, Greek, Cyrillic, Hebrew, Arabic and faces. Empty: not here."""
    for place in places:
        faces = {"": place / "DejaVuSans.ttf", "B": place / "DejaVuSans-Bold.ttf"}
        if all(path.is_file() for path in faces.values()):
            return faces
    return {}


def east(places: Iterable[Path] = EAST_IN) -> Path | None:
    """Droid Sans Fallback: Chinese and Japanese, not Korean. None: not here."""
    return next((path for place in places if (path := place / "DroidSansFallbackFull.ttf").is_file()), None)
