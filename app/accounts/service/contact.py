"""Contact details in one form, so that equal ones are found equal. Each raises `ValueError` with what is wrong and what to do."""

from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_NO_NUMBER: Final = "Not a telephone number. Write it with + and the country code, as +31 6 12345678."


def telephone(text: str, region: str | None = None) -> str:
    """E.164, as `+31612345678`. `region` (ISO 3166, as NL) is where a number without a country code is taken to be; a leading 00 is a +."""
    bare = text.replace("(0)", "").strip()
    try:
        number = phonenumbers.parse("+" + bare[2:] if bare.startswith("00") else bare, region)
    except phonenumbers.NumberParseException:
        raise ValueError(_NO_NUMBER) from None
    if number.extension:
        raise ValueError("This number has an extension, which no message reaches. Write the number without it.")
    if not phonenumbers.is_valid_number(number):
        raise ValueError("A number like this cannot exist. Compare it digit by digit.")
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise ValueError("This is a premium rate number, and every message to it would be charged. Give another number.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def region_of(number: str) -> str | None:
    """The region of an E.164 number, as NL; None when it is of none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


def email(text: str) -> str:
    """A lower-case address. Whether it exists is not asked."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise ValueError("Not an e-mail address. Write it as name@example.org.") from None
