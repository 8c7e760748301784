"""A visitor's photo: whatever picture came in, what is kept is a small JPEG without anything beside the picture."""

import base64
import binascii
import io
import struct
import warnings
from typing import Final

from PIL import Image

from app.errors import Invalid, TooLarge

MOST_BYTES: Final = 2 << 20
MOST_BODY_BYTES: Final = 3 << 20
"""Of a request with a photo in it, as base64. What is longer is not read."""
TOO_LARGE: Final = "This photo is too large. Take one of two megabytes at most, or go on without one."
MOST_PIXELS: Final = 25_000_000
SIDE: Final = 480
QUALITY: Final = 80
FORMATS: Final = ("JPEG", "PNG", "WEBP")
_ORIENTATION: Final = 0x0112
_TURNS: Final = dict(enumerate(
    (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.TRANSPOSE,
     Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90), start=2
))  # fmt: skip
"""What Exif calls 2 to 8."""


def small(text: str) -> bytes:
    """From base64 (a data URL too). Position, camera and time that the file named are left out. Raises `Invalid`, `TooLarge`."""
    try:
        raw = base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (binascii.Error, ValueError):
        raise _refused("This is no picture") from None
    if len(raw) > MOST_BYTES:
        raise TooLarge(TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd beside the picture is left out anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise _refused("This picture has more than 25 million pixels")
                lying, turn = picture.convert("RGB"), _TURNS.get(_orientation(picture) or 0)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refused("This is no picture") from None
    lying.thumbnail((SIDE, SIDE))
    upright = lying if turn is None else lying.transpose(turn)
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    kept = io.BytesIO()
    clean.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def _orientation(picture: Image.Image) -> int | None:
    """What the camera said of it. A camera (or somebody else) who wrote nonsense beside the picture is no reason to turn a visitor away."""
    try:
        said = picture.getexif().get(_ORIENTATION)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error):
        return None
    return said if isinstance(said, int) else None


def _refused(what: str) -> Invalid:
    return Invalid.of("fields.photo", what, "Take a photo of two megabytes at most as JPEG, PNG or WebP, or go on without one.")
