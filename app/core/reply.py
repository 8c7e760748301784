"""What people answer, and how an answer is read from a text message.

Being wrong costs unequally: to read "safe" from somebody who is not stops the escalation for them, to read nothing leaves them among the silent, whom
others look after, and their text in the inbox. So:

1. Keywords of all our languages count wherever they stand, whatever the capitals, accents and dots. Nobody is asked which language they answer in.
2. A call for help beats everything, a doubt included, unless it says that no help is needed. "On my way" beats "safe" ("OK, kom eraan").
3. Any word of doubt ("niet", "not", "maar") or a question leaves no safe and no on_my_way. A person reads it.
4. STOP counts in three words at most, so that "stop the machine, there is a fire" is no opt-out; START only alone, for consent is not guessed.
5. Automatic answers ("out of office") are nobody's answers.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

Reply = Literal["safe", "need_help", "on_my_way"]
Meaning = Literal["safe", "need_help", "on_my_way", "stop", "start"]

REPLIES: Final = ("safe", "need_help", "on_my_way")
STOP: Final = frozenset({"stop", "stoppen", "unsubscribe", "afmelden"})
START: Final = frozenset({"start", "aanmelden"})
WORDS: Final[tuple[tuple[Reply, frozenset[str]], ...]] = (
    ("need_help", frozenset({"help", "hulp", "helpen"})),
    ("on_my_way", frozenset({"kom", "onderweg", "coming"})),
    ("safe", frozenset({"ja", "veilig", "safe", "yes", "ok", "oke", "okay"})),
)
"""By what beats what."""
DOUBT: Final = frozenset(
    [
        "niet",
        "geen",
        "nee",
        "nooit",
        "maar",
        "zonder",
        "no",
        "not",
        "never",
        "but",
        "unsafe",
        "onveilig",
        "dont",
        "cant",
        "isnt",
        "arent",
        "wont",
        "without",
    ]
)
NO_HELP: Final = re.compile(
    r"\b(geen|zonder) (hulp|help)\b|\b(hulp|help) (is )?(niet|not) (nodig|needed)\b|\bno help (is )?needed\b|\bneed no help\b"
    r"|\b(dont|not) need (any )?help\b"
)
AUTOMATIC: Final = re.compile(
    r"\bauto(matic|mated)? ?(reply|response|message|answer)\b|\bout of (the )?office\b|\b(unavailable|not available|do not reply|not monitored)\b"
    r"|\bautomatische? (antwoord|bericht|reactie)\b|\bafwezigheids(bericht|melding|assistent)\b|\b(momenteel|tijdelijk) (niet bereikbaar|afwezig)\b"
)
LOOP_WITHIN: Final = timedelta(minutes=10)
LOOP_COUNT: Final = 3
DOTTED: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
ON_MY_WAY: Final = re.compile(r"\b(on (my|our) way|omw)\b")
APOSTROPHES: Final = str.maketrans("", "", "'\u2019\u2018`\u00b4")


def understand(text: str) -> Meaning | None:
    """What a text message means; None when it means nothing we know, or cannot be told for certain."""
    said = _plain(text)
    if AUTOMATIC.search(said):
        return None
    if said in START:
        return "start"
    words = set(ON_MY_WAY.sub("onderweg", NO_HELP.sub(" ", said)).split())
    sure = not words & DOUBT and "?" not in text
    for reply, keywords in WORDS:
        if words & keywords and (sure or reply == "need_help"):
            return reply
    return "stop" if sure and words & STOP and len(said.split()) <= 3 else None


def loops(text: str, said_at: datetime, earlier: Iterable[tuple[datetime, str]]) -> bool:
    """Whether a machine may be answering us: an automatic answer, or the same words from one sender for the third time within ten minutes.

    Then nothing is sent back. What was said still counts. `earlier`: what this sender said before, and when, in any order.
    """
    same = _plain(text)
    again = sum(1 for at, words in earlier if abs(said_at - at) <= LOOP_WITHIN and _plain(words) == same)
    return bool(AUTOMATIC.search(same)) or again + 1 >= LOOP_COUNT


def _plain(text: str) -> str:
    """Lower-case words with single spaces, without accents, apostrophes and signs; O.K. is ok."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", DOTTED.sub("", text.translate(APOSTROPHES))) if not unicodedata.combining(one)
    )
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))
