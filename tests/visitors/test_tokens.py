"""Links, six digits and posters: nobody but this installation can make one."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.visitors import tokens

ANN, HQ = uuid4(), uuid4()


def of(secret: str) -> Settings:
    return Settings(database_url="postgresql://nobody@127.0.0.1:1/none", redis_url="redis://127.0.0.1:1/0", secret_key=secret * 40)


OURS, THEIRS = of("a"), of("b")


def test_a_link_is_the_same_for_the_same_visitor_and_another_for_all_others() -> None:
    token = tokens.visit_token(OURS, 7, ANN)
    assert token == tokens.visit_token(OURS, 7, ANN)
    assert tokens.organization_of_visit(token) == tokens.organization_of_visit(tokens.qr_text(OURS, 7, ANN)) == 7
    others = [tokens.visit_token(OURS, 8, ANN), tokens.visit_token(OURS, 7, uuid4()), tokens.visit_token(THEIRS, 7, ANN)]
    hashes = {tokens.token_hash(one) for one in (token, *others, tokens.host_token(OURS, 7, ANN))}
    assert len(hashes) == 5
    assert tokens.token_hash(tokens.qr_text(OURS, 7, ANN)) == tokens.token_hash(token)
    assert tokens.organization_of_host(token) is None
    assert tokens.organization_of_visit(tokens.host_token(OURS, 7, ANN)) is None


@given(st.text(max_size=60))
def test_no_other_text_is_a_link_or_a_poster(text: str) -> None:
    assert tokens.assembly_point(OURS, text) is None
    assert tokens.code_hash(OURS, 7, text) is None or "".join(text.split()).isdecimal()


def test_a_code_is_found_again_from_what_is_kept_of_it() -> None:
    codes = [code for code, _ in zip(tokens.codes(OURS, 7, ANN), range(5), strict=False)]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert tokens.code_of(OURS, 7, ANN, tokens.code_hash(OURS, 7, codes[3])) == codes[3]
    assert tokens.code_of(OURS, 7, ANN, None) is None
    assert tokens.code_hash(OURS, 7, codes[0]) not in (tokens.code_hash(OURS, 8, codes[0]), tokens.code_hash(THEIRS, 7, codes[0]))


def test_a_poster_names_its_site_and_cannot_be_changed() -> None:
    token = tokens.assembly_token(OURS, 7, HQ, 3)
    assert tokens.assembly_point(OURS, token) == (7, HQ, 3)
    assert tokens.assembly_point(THEIRS, token) is None
    assert tokens.assembly_point(OURS, token.replace("-3-", "-4-")) is None
