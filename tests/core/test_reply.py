"""What text messages are taken for, and above all what they are not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.reply import LOOP_COUNT, REPLIES, loops, understand

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEYWORDS = {
    "safe": ["JA", "VEILIG", "SAFE", "YES", "OK", "oké", "O.K.", "okay"],
    "need_help": ["HELP", "HULP"],
    "on_my_way": ["KOM", "ONDERWEG", "COMING", "ON MY WAY", "On our way", "OMW"],
    "stop": ["STOP", "STOPPEN", "UNSUBSCRIBE", "AFMELDEN"],
    "start": ["START", "AANMELDEN"],
}
MEANT = [(word, meaning) for meaning, words in KEYWORDS.items() for word in words]
fillers = st.sampled_from(["hoor", "wij", "alles", "dank", "collega", "here", "gebouw B", "3", "now"])
dressings = st.sampled_from(["{}", " {} ", "{}!", "{}.", "...{}...", '"{}"', "\n{}\n", "({})", "{}!!!", "👍 {}"])


@given(st.sampled_from(MEANT), dressings, st.sampled_from([str.upper, str.lower, str.title]))
def test_a_keyword_is_understood_whatever_its_capitals_and_signs(meant: tuple[str, str], dressing: str, case: Callable[[str], str]) -> None:
    word, meaning = meant
    assert understand(dressing.format(case(word))) == meaning


@given(st.sampled_from([one for one in MEANT if one[1] in REPLIES]), st.lists(fillers, max_size=3), st.lists(fillers, max_size=3))
def test_words_before_and_after_a_reply_make_no_difference(meant: tuple[str, str], before: list[str], after: list[str]) -> None:
    word, meaning = meant
    assert understand(" ".join([*before, word, *after])) == meaning


@given(st.text(max_size=160), st.sampled_from(["niet", "not", "geen", "maar", "nee", "can't", "don\u2019t"]))
def test_no_text_with_a_word_of_doubt_is_taken_for_safe_on_my_way_or_a_wish(text: str, doubt: str) -> None:
    assert understand(f"{text} {doubt}") in (None, "need_help")
    assert understand(f"{doubt} veilig {text}") in (None, "need_help")


@given(st.text(max_size=160))
def test_every_text_means_one_thing_or_nothing_and_always_the_same(text: str) -> None:
    meaning = understand(text)
    assert meaning in (*REPLIES, "stop", "start", None)
    assert understand(text.strip() + " ") == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Ok, kom eraan", "on_my_way"),
        ("Ónderweg", "on_my_way"),
        ("vèilig", "safe"),
        ("Ja, veilig buiten", "safe"),
        ("Ja! Help! Rook op de trap", "need_help"),
        ("HELP niet veilig", "need_help"),
        ("Kan niet weg, hulp!", "need_help"),
        ("Is er hulp onderweg?", "need_help"),
        ("geen hulp nodig, veilig", "safe"),
        ("Hulp niet nodig", None),
        ("I don't need any help, safe", "safe"),
        ("geen hulp nodig maar Jan heeft hulp nodig", "need_help"),
        ("ja?", None),
        ("Is iedereen veilig?", None),
        ("niet veilig", None),
        ("onveilig", None),
        ("ik kom niet", None),
        ("Ok, I'm on my way", "on_my_way"),
        ("not on my way yet", None),
        ("is it on the way", None),
        ("ja maar er is brand", None),
        ("OK. But where is Ann", None),
        ("jaar", None),
        ("Helpdesk", None),
        ("komma", None),
        ("", None),
        ("👍", None),
        ("wie is dit", None),
    ],
)
def test_a_call_for_help_is_never_missed_and_safe_is_never_guessed(text: str, meaning: str | None) -> None:
    assert understand(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("stop sms", "stop"),
        ("please stop", "stop"),
        ("Stop. Dank u", "stop"),
        ("stop de machine er is brand", None),
        ("niet stoppen", None),
        ("stop! help!", "need_help"),
        ("we start now", None),
        ("start?", "start"),
    ],
)
def test_stop_is_taken_from_few_words_and_start_only_alone(text: str, meaning: str | None) -> None:
    assert understand(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "Automatic reply: I am safe on holiday",
        "Dit is een automatisch antwoord. Ok",
        "I'm out of the office until Monday, yes",
        "Afwezigheidsbericht: ja",
        "Ik ben momenteel niet bereikbaar",
        "This mailbox is not monitored. HELP is at our site",
    ],
)
def test_an_automatic_answer_is_nobodys_answer_and_is_not_answered(text: str) -> None:
    assert understand(text) is None
    assert loops(text, NOON, [])


def test_the_same_words_again_and_again_are_not_answered_but_still_count() -> None:
    earlier = [(NOON - timedelta(minutes=minutes), text) for minutes, text in [(1, "Help"), (2, "HELP!"), (3, "waar is iedereen")]]
    assert loops("help", NOON, earlier)
    assert understand("help") == "need_help"
    assert not loops("waar is iedereen", NOON, earlier)
    assert not loops("help", NOON + timedelta(minutes=9), earlier)


@given(st.lists(st.tuples(st.integers(-30, 30), st.sampled_from(["ja", "Ja!", "nee"])), max_size=8))
def test_the_guard_counts_within_ten_minutes_in_any_order(said: list[tuple[int, str]]) -> None:
    earlier = [(NOON + timedelta(minutes=minutes), text) for minutes, text in said]
    same = sum(abs(minutes) <= 10 and text != "nee" for minutes, text in said)
    assert loops("JA", NOON, earlier) == loops("JA", NOON, earlier[::-1]) == (same + 1 >= LOOP_COUNT)
