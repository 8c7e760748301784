"""What is kept of a photo: small, a JPEG, and nothing beside the picture."""

import base64
import io

import pytest
from PIL import Image

from app.errors import Invalid
from app.visitors import photo
from app.visitors.paper import Paper


def told(picture: Image.Image, kind: str = "JPEG", **more: object) -> str:
    raw = io.BytesIO()
    picture.save(raw, kind, **more)
    return base64.b64encode(raw.getvalue()).decode()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_jpeg_without_what_the_camera_wrote(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Canary"
    exif[0x0112] = 6  # lies on its side
    kept = photo.small("data:image/x;base64," + told(Image.new("RGB", (1600, 800), "red"), kind, exif=exif))
    assert b"Canary" not in kept
    with Image.open(io.BytesIO(kept)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (240, 480), {})


@pytest.mark.parametrize(
    "text",
    ["nonsense", base64.b64encode(b"<svg/>").decode(), told(Image.new("RGB", (20, 20)))[:400], told(Image.new("1", (6000, 6000)), "PNG")],
)
def test_what_is_no_photo_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        photo.small(text)


def test_a_label_is_of_the_size_of_its_printer() -> None:
    paper = Paper((62, 100), 5)
    paper.line("Zoë")
    assert bytes(paper.output()).startswith(b"%PDF-")
    assert (round(paper.w), round(paper.h)) == (62, 100)
