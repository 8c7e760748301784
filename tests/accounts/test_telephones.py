"""Telephone numbers in one form, and only those that a message may go to."""

import pytest
from flask.testing import FlaskClient

from app.accounts.service import contact


@pytest.mark.parametrize("text", ["+31612345678", "+31 6 1234 5678", "0031612345678", "+31 (0)6-12345678", "06 12345678", "0612345678"])
def test_one_number_has_one_form(text: str) -> None:
    assert contact.telephone(text, "NL") == "+31612345678"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("06", "cannot exist"),
        ("12", "cannot exist"),
        ("hello", "Not a telephone number"),
        ("+3161234567", "cannot exist"),
        ("+999123456", "Not a telephone number"),
        ("112", "cannot exist"),
        ("0909 1234", "premium rate"),
        ("+31900123456", "premium rate"),
        ("+31 20 123 4567 ext. 12", "extension"),
        ("", "Not a telephone number"),
        ("+" * 40, "Not a telephone number"),
        ("٠٦١٢٣٤٥٦٧٨٩٩", "cannot exist"),
    ],
)
def test_what_no_message_may_go_to_is_refused_with_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        contact.telephone(text, "NL")


def test_without_a_country_a_national_number_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="country code"):
        contact.telephone("0612345678")


def test_a_person_is_given_a_number_as_it_is_dialled_in_the_organizations_country(owner: FlaskClient) -> None:
    made = owner.post("/api/v1/people", json={"telephone": "06 12345678"})
    assert made.get_json()["telephone"] == "+31612345678"
    refused = owner.post("/api/v1/people", json={"telephone": "0909 1234"})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["field"] == "telephone"
    assert "premium" in refused.get_json()["errors"][0]["message"]
