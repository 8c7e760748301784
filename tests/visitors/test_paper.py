"""What is printed shows every letter that this machine has, and never nothing in the place of one that it has not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.visitors import letters
from app.visitors.paper import Paper

NAMES = (
    "Zoë Ñandú",
    "Ελένη",
    "Володимир",
    "שרה",
    "محمد",
    "王伟",
    "山田太郎",
    "김민준",
    "สมชาย",
    "🎉🙂",
    "e\u0301\u200d",
    "\U0001f468\u200d\U0001f469",
)


def printed(name: str) -> Paper:
    paper = Paper((105, 148), 5)
    paper.line(name, 20, bold=True)
    paper.row([(40, name)])
    assert bytes(paper.output()).startswith(b"%PDF-")
    return paper


def nowhere(function: Callable[..., object]) -> Callable[..., object]:
    return lambda: function(())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("missing", [(), ("west",), ("east",), ("west", "east")])
def test_a_name_in_any_script_is_printed_on_any_machine(name: str, missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for what in missing:
        monkeypatch.setattr(letters, what, nowhere(getattr(letters, what)))
    printed(name)


@pytest.mark.skipif(not letters.west() or letters.east() is None, reason="fonts-dejavu-core and fonts-droid-fallback are not installed")
@pytest.mark.parametrize("name", ["Ελένη Zoë", "Володимир", "王伟", "山田太郎 😀 Zoë"])
def test_with_both_fonts_these_are_printed_as_they_are(name: str) -> None:
    assert not printed(name).is_lossy


def test_without_the_letters_a_question_mark_stands_in_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "east", lambda: None)
    paper = printed("Zoë 王伟")
    assert paper.is_lossy
    assert paper._writable("Zoë 王伟") == "Zoë ??"  # what the PDF shows is in glyph numbers


def test_fonts_are_found_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "DejaVuSans.ttf").touch()
    assert letters.west([tmp_path]) == {}
    (tmp_path / "DejaVuSans-Bold.ttf").touch()
    assert set(letters.west([Path("/nowhere"), tmp_path])) == {"", "B"}
    assert letters.east([tmp_path]) is None
