"""Where the demo is: as a code for a phone's camera, and in words."""

from io import StringIO
from typing import Final

import segno

from app.serve import shortcomings

BORDER: Final = 2
"""Modules around the code: enough on a screen, and two lines fewer than the standard's four."""


def door(url: str) -> list[str]:
    """The lines to show; what will not work at this address too."""
    drawn = StringIO()
    segno.make(url, error="l", micro=False).terminal(out=drawn, border=BORDER, compact=True)
    return ["", *drawn.getvalue().splitlines(), url, *shortcomings(url), ""]
