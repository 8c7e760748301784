"""Contact details in one form, so that equal ones are found equal. Each raises `ValueError` with what is wrong and what to do."""

import re
from typing import Final

from email_validator import EmailNotValidError, validate_email

_TELEPHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_FILLING: Final = str.maketrans("", "", " \u00a0-./()")


def telephone(text: str) -> str:
    """E.164, as `+31612345678`; spaces, dashes and a leading 00 are taken."""
    bare = text.replace("(0)", "").translate(_FILLING)
    number = "+" + bare[2:] if bare.startswith("00") else bare
    if not _TELEPHONE.fullmatch(number):
        raise ValueError("Not an international telephone number. Write it with + and the country code, as +31 6 12345678.")
    return number


def email(text: str) -> str:
    """A lower-case address. Whether it exists is not asked."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise ValueError("Not an e-mail address. Write it as name@example.org.") from None
