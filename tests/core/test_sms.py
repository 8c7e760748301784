"""What a text costs as SMS and where it is cut, against the table of GSM 03.38 written down a second time, by code point."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.sms import Encoding, cut, decoded, encoded, measure

DIFFERENT_FROM_ASCII = (
    "00 0040, 01 00A3, 02 0024, 03 00A5, 04 00E8, 05 00E9, 06 00F9, 07 00EC, 08 00F2, 09 00C7, 0A 000A, 0B 00D8, 0C 00F8, 0D 000D, 0E 00C5, "
    "0F 00E5, 10 0394, 11 005F, 12 03A6, 13 0393, 14 039B, 15 03A9, 16 03A0, 17 03A8, 18 03A3, 19 0398, 1A 039E, 1C 00C6, 1D 00E6, 1E 00DF, "
    "1F 00C9, 24 00A4, 40 00A1, 5B 00C4, 5C 00D6, 5D 00D1, 5E 00DC, 5F 00A7, 60 00BF, 7B 00E4, 7C 00F6, 7D 00F1, 7E 00FC, 7F 00E0"
)
BEHIND_ESCAPE = "0A 000C, 14 005E, 28 007B, 29 007D, 2F 005C, 3C 005B, 3D 007E, 3E 005D, 40 007C, 65 20AC"


def table(text: str) -> dict[int, str]:
    return {int(code, 16): chr(int(point, 16)) for code, point in (entry.split() for entry in text.split(", "))}


BASIC = {code: chr(code) for code in range(0x20, 0x7F)} | table(DIFFERENT_FROM_ASCII)
EXTENSION = table(BEHIND_ESCAPE)
OCTETS = {character: bytes([code]) for code, character in BASIC.items()} | {
    character: bytes([0x1B, code]) for code, character in EXTENSION.items()
}

gsm_texts = st.text(st.sampled_from(sorted(OCTETS)), max_size=700)
any_texts = st.one_of(gsm_texts, st.text(max_size=400), st.text(st.sampled_from("ab€ë😀"), max_size=400))


def units(encoding: Encoding) -> Callable[[str], int]:
    return (lambda text: sum(len(OCTETS[one]) for one in text)) if encoding == "gsm" else (lambda text: len(text.encode("utf-16-le")) // 2)


def test_every_character_of_the_alphabet_has_the_code_of_the_standard_and_no_other_is_taken_for_one() -> None:
    assert len(BASIC) == 127
    for point in (*range(0xD800), *range(0xE000, 0x11000)):
        character = chr(point)
        found = measure(character)
        assert (found.encoding == "gsm") == (character in OCTETS), hex(point)
        if character in OCTETS:
            assert encoded(character, "gsm") == OCTETS[character]
            assert decoded(OCTETS[character], "gsm") == character
            assert found.units == len(OCTETS[character])


@given(any_texts)
def test_parts_concatenated_are_the_text_and_none_is_too_long_or_needlessly_short(text: str) -> None:
    found = measure(text)
    length = units(found.encoding)
    alone, part = {"gsm": (160, 153), "ucs2": (70, 67)}[found.encoding]
    assert "".join(found.parts) == text
    assert found.units == length(text)
    assert len(found.parts) == 1 if length(text) <= alone else len(found.parts) > 1
    if len(found.parts) > 1:
        assert all(0 < length(one) <= part for one in found.parts)
        assert all(length(one) + length(following[0]) > part for one, following in zip(found.parts, found.parts[1:], strict=False))


@given(any_texts)
@example("a" * 152 + "€" + "b" * 20)
@example("a" * 66 + "😀" + "b" * 20)
def test_every_part_can_be_read_on_its_own_so_no_escape_and_no_surrogate_pair_is_split(text: str) -> None:
    found = measure(text)
    for part in found.parts:
        octets = encoded(part, found.encoding)
        assert decoded(octets, found.encoding) == part
        assert octets.decode("utf-16-be") == part if found.encoding == "ucs2" else not octets.endswith(b"\x1b")


@given(any_texts, st.integers(2, 160))
def test_a_gateway_that_leaves_less_room_gets_shorter_parts(text: str, limit: int) -> None:
    encoding = measure(text).encoding
    parts = cut(text, encoding, limit)
    assert "".join(parts) == text
    assert all(units(encoding)(part) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "costly"),
    [
        ("", "gsm", [0], ""),
        ("x" * 160, "gsm", [160], ""),
        ("x" * 161, "gsm", [153, 8], ""),
        ("€" * 80, "gsm", [80], ""),
        ("€" * 81, "gsm", [76, 5], ""),
        ("x" * 306, "gsm", [153, 153], ""),
        ("x" * 307, "gsm", [153, 153, 1], ""),
        ("ë" * 70, "ucs2", [70], "ë"),
        ("geëvacueerd naar België: " + "x" * 46, "ucs2", [67, 4], "ë"),
        ("😀" * 35, "ucs2", [35], "😀"),
        ("😀" * 36, "ucs2", [33, 3], "😀"),
        ("niet façade, wél Façade; ï", "ucs2", [26], "çï"),
    ],
)
def test_sizes_are_160_and_153_or_70_and_67_and_what_is_costly_is_named(text: str, encoding: str, parts: list[int], costly: str) -> None:
    found = measure(text)
    assert (found.encoding, [len(part) for part in found.parts], "".join(found.costly_characters)) == (encoding, parts, costly)


@given(st.binary(max_size=200), st.sampled_from(["gsm", "ucs2"]))
@example(b"\x1b", "gsm")
@example(b"\x1b\x1b", "gsm")
@example(b"\xd8\x3d", "ucs2")
def test_whatever_a_carrier_sends_is_read(octets: bytes, encoding: Encoding) -> None:
    decoded(octets, encoding).encode()


def test_unknown_codes_behind_an_escape_are_shown_as_phones_show_them() -> None:
    assert decoded(b"a\x1bAb\x1b\x1bc\x1b", "gsm") == "aAb c "
    assert decoded(b"\x80a\x1b\xff", "gsm") == "\ufffda\ufffd"
