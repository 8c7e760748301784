"""A page to print: A4 unless said otherwise, in letters that this machine has.

The fonts that every PDF reader knows write western European only; a machine with DejaVu writes most scripts, and with Droid Sans Fallback
Chinese and Japanese too (`muster doctor` says what is missing). What cannot be written becomes `?`, never nothing, and the page says so.
"""

from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.visitors import letters

FAMILY: Final = "letters"
EAST: Final = "east"


class Paper(FPDF):
    """A document of lines. `is_lossy`: something could not be written as it is."""

    def __init__(self, size_mm: tuple[float, float] = (210, 297), margin_mm: float = 15) -> None:
        super().__init__(format=size_mm)
        self.is_lossy = False
        self._plain = not self._has_letters()
        self.set_auto_page_break(auto=True, margin=margin_mm)
        self.set_margins(margin_mm, margin_mm, margin_mm)
        self.add_page()

    def line(self, text: str, size_pt: float = 10, *, bold: bool = False) -> None:  # type: ignore[override]
        """One paragraph, over the whole width."""
        self._letters(size_pt, bold=bold)
        self.multi_cell(0, size_pt * 0.5, self._writable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def row(self, cells: list[tuple[float, str]], size_pt: float = 9, *, bold: bool = False) -> None:
        """Cells beside each other, each (width in mm, text), cut where they end."""
        self._letters(size_pt, bold=bold)
        for width_mm, text in cells:
            self.cell(width_mm, size_pt * 0.5, self._cut(self._writable(text), width_mm))
        self.ln(size_pt * 0.5)

    def _has_letters(self) -> bool:
        faces = letters.west()
        for style, path in faces.items():
            self.add_font(FAMILY, style, path)
        if faces:  # what is not there in bold is written plain
            self.set_fallback_fonts([FAMILY], exact_match=False)
        return bool(faces)

    def _letters(self, size_pt: float, *, bold: bool) -> None:
        self.set_font("helvetica" if self._plain else FAMILY, "B" if bold else "", size_pt)

    def _writable(self, text: str) -> str:
        if self._plain:
            known = text.encode("latin-1", "replace").decode("latin-1")
        else:
            known = "".join(letter if self._has(FAMILY, letter) or self._has_east(letter) else "?" for letter in text)
        self.is_lossy = self.is_lossy or known != text
        return known

    def _has(self, family: str, letter: str) -> bool:
        return ord(letter) in getattr(self.fonts[family], "cmap", {})  # the built-in fonts have none, and this is not one of them

    def _has_east(self, letter: str) -> bool:
        """Read when it is first needed: it is large."""
        if EAST not in self.fonts:
            path = letters.east()
            if path is None:
                return False
            self.add_font(EAST, "", path)
            self.set_fallback_fonts([FAMILY, EAST], exact_match=False)
        return self._has(EAST, letter)

    def _cut(self, text: str, width_mm: float) -> str:
        room = width_mm - 2
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(text + "...") > room:
            text = text[:-1]
        return text + "..."
