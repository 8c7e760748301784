"""What people answer, and how an answer is read from a text message."""

from typing import Final

REPLIES: Final = ("safe", "need_help", "on_my_way")
