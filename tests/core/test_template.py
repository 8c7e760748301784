"""Fields of templates: found, missed, unknown, escaped."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fault import Fault
from app.core.template import fields, fill, missing, unknown

WHOLE = re.compile(r"(?:[^{}]|\{\{|\}\}|\{[ab]+\})*")
names = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
words = st.text(max_size=30)
pieces = st.lists(st.one_of(words.map(lambda word: ("text", word)), names.map(lambda name: ("field", name))), max_size=12)


def escaped(word: str) -> str:
    return word.replace("{", "{{").replace("}", "}}")


@given(pieces, st.data())
def test_what_is_filled_in_stands_where_the_field_stood_and_all_else_is_as_written(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(f"{{{part}}}" if kind == "field" else escaped(part) for kind, part in parts)
    used = [part for kind, part in parts if kind == "field"]
    values = {name: data.draw(words.filter(str.strip)) for name in used}
    assert list(fields(text)) == list(dict.fromkeys(used))
    assert fill(text, values) == "".join(values[part] if kind == "field" else part for kind, part in parts)


@given(st.text(st.sampled_from("{}ab "), max_size=20))
def test_a_text_is_a_template_or_is_refused_and_nothing_is_half_understood(text: str) -> None:
    if WHOLE.fullmatch(text):
        assert set("".join(fields(text))) <= set("ab")
    else:
        with pytest.raises(Fault):
            fields(text)


def test_braces_in_a_value_are_not_read_again() -> None:
    assert fill("{one} {two}", {"one": "{two}", "two": "{{"}) == "{two} {{"


def test_a_field_used_twice_or_in_several_texts_is_one_field() -> None:
    assert fields("{place} {time}", "{place}") == ("place", "time")
    assert fill("{place}, {place}!", {"place": "A"}) == "A, A!"


def test_missing_blank_and_unknown_fields_are_named() -> None:
    texts = ["Rook in {place}", "Smoke in {place} at {time}"]
    assert missing(texts, {"place": " "}) == ("place", "time")
    assert unknown(texts, {"plaats": "A", "time": "9", "all": ""}) == ("all", "plaats")
    with pytest.raises(Fault, match="asks for place"):
        fill(texts[0], {})


@pytest.mark.parametrize("text", ["a { b", "a } b", "{}", "{ name}", "{Name}", "{1st}", "{{{", "{a{b}}", "{" + "x" * 41 + "}"])
def test_a_brace_that_is_no_field_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(Fault, match=r"at character \d+"):
        fields(text)
