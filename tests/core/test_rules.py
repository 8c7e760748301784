"""What a phone may be told of a person's fences, and what may have changed since, against looking at every moment."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.intervals import FOREVER, union
from app.core.policy import Circle, FenceVersion
from app.core.rules import Assignment, OrganizationRules, PersonRules

END = 12
MOMENTS = st.integers(0, END)
FENCES, GROUPS = ("a", "b"), ("g", "h")


@st.composite
def rules(draw: st.DrawFn) -> PersonRules:
    """Edits, retirements, assignments and memberships in a dozen milliseconds."""
    versions = []
    for fence in FENCES:
        edges = sorted(draw(st.sets(MOMENTS, min_size=1, max_size=5)))
        spans = zip(edges, [*edges[1:], None], strict=True)
        versions += [
            FenceVersion(fence, Circle(0, 0, 50), valid_from_ms=start, valid_until_ms=end) for start, end in spans if draw(st.booleans())
        ]
    assignments = [
        Assignment(
            draw(st.sampled_from(FENCES)), draw(st.sampled_from((*GROUPS, None))), start, draw(st.sampled_from((start + 3, FOREVER)))
        )
        for start in draw(st.lists(MOMENTS, max_size=4))
    ]
    memberships = st.lists(MOMENTS.map(lambda start: (start, start + 4)), max_size=3)
    return PersonRules(OrganizationRules(versions, assignments), {group: union(draw(memberships)) for group in GROUPS})


@given(rules(), MOMENTS, MOMENTS)
def test_what_changed_between_two_moments_is_what_is_not_the_same_at_both(some: PersonRules, one: int, other: int) -> None:
    assert some.changed_between(one, other) == {fence for fence in FENCES if some.at(fence, one) is not some.at(fence, other)}


@given(rules(), MOMENTS)
def test_nothing_changed_since_the_moment_that_is_named(some: PersonRules, now: int) -> None:
    since = some.unchanged_since(now)
    assert 0 <= since <= now
    assert all(some.at(fence, moment) is some.at(fence, now) for fence in FENCES for moment in range(since, now + 1))


@given(rules())
def test_a_fence_is_known_to_a_person_when_it_was_theirs_at_any_time(some: PersonRules) -> None:
    assert {fence for fence in FENCES if some.knows(fence)} == {
        fence for fence in FENCES if any(some.at(fence, at) for at in range(END + 6))
    }
    assert not some.knows("never drawn")
