"""What is kept of a photo: small, a JPEG, and nothing beside the picture."""

import base64
import io

import pytest
from PIL import Image, ImageOps

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


def corners(picture: Image.Image) -> list[bool]:
    """Whether each is light."""
    grey = picture.convert("L").tobytes()
    return [grey[y * picture.width + x] > 128 for x in (2, picture.width - 3) for y in (2, picture.height - 3)]


@pytest.mark.parametrize("orientation", range(10))
def test_a_photo_stands_upright_whichever_way_the_camera_lay(orientation: int) -> None:
    picture, exif = Image.new("RGB", (40, 20), "white"), Image.Exif()
    picture.paste("black", (0, 0, 8, 8))
    exif[0x0112] = orientation
    raw = told(picture, "PNG", exif=exif)
    with Image.open(io.BytesIO(photo.small(raw))) as found, Image.open(io.BytesIO(base64.b64decode(raw))) as sent:
        expected = ImageOps.exif_transpose(sent).convert("RGB")
        assert found.size == expected.size
        assert corners(found) == corners(expected)


@pytest.mark.parametrize(("at", "value"), [(123, 255), (125, 1), (127, 1), (127, 2), (43, 12)])
def test_nonsense_beside_a_picture_turns_nobody_away(at: int, value: int) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "cam"
    exif.get_ifd(0x8825)[2], exif.get_ifd(0x8769)[0x9003] = (1.0, 2.0, 3.0), "2020:01:01"
    raw = bytearray(base64.b64decode(told(Image.new("RGB", (40, 30), "red"), exif=exif.tobytes())))
    raw[at] = value
    assert photo.small(base64.b64encode(raw).decode()).startswith(b"\xff\xd8")


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
