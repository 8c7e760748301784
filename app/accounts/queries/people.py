"""Organizations, modules, sites, people, groups and members."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, and_, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from app.accounts.lists import ONE, PeopleFilter, Window
from app.accounts.models import Group, GroupMember, Member, Organization, OrganizationModule, Person, Site, UserAccount
from app.db.transaction import plain
from app.db.types import all_of, any_of, uuid7


def next_organization_id(session: Session) -> int:
    """An id nobody has; the number is spent even if it is not used."""
    found: int = session.execute(select(func.nextval(func.pg_get_serial_sequence("organization", "id")))).scalar_one()
    return found


def organization(session: Session, organization_id: int, *, lock: bool = False) -> Organization | None:
    """By id."""
    query = select(Organization).where(Organization.id == organization_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def open_organizations(session: Session, most: int) -> Sequence[int]:
    """The ids of the first of them."""
    return session.scalars(select(Organization.id).where(Organization.closed_at.is_(None)).order_by(Organization.id).limit(most)).all()


def modules(session: Session, organization_id: int) -> list[str]:
    """Modules that are on."""
    query = select(OrganizationModule.module).where(OrganizationModule.organization_id == organization_id)
    return list(session.scalars(query.order_by(OrganizationModule.module)))


def set_modules(session: Session, organization_id: int, wanted: Iterable[str]) -> None:
    """Exactly these are on."""
    names = sorted(set(wanted))
    session.execute(
        delete(OrganizationModule).where(OrganizationModule.organization_id == organization_id, OrganizationModule.module.not_in(names))
    )
    if names:
        rows = [{"organization_id": organization_id, "module": name} for name in names]
        session.execute(insert(OrganizationModule).values(rows).on_conflict_do_nothing())


def site(session: Session, organization_id: int, site_id: UUID, *, lock: bool = False) -> Site | None:
    """By id."""
    query = select(Site).where(Site.organization_id == organization_id, Site.id == site_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def sites(session: Session, organization_id: int, *, retired: bool, window: Window) -> Sequence[Site]:
    """In order of creation."""
    query = select(Site).where(Site.organization_id == organization_id, _is_set(Site.retired_at, retired))
    return session.scalars(_paged(query, Site.id, window)).all()


def sites_of_ids(session: Session, organization_id: int, ids: Collection[UUID]) -> Sequence[Site]:
    """These, retired or not."""
    return session.scalars(select(Site).where(Site.organization_id == organization_id, Site.id == any_of(ids))).all()


def site_ids(session: Session, organization_id: int) -> dict[str, UUID]:
    """Name in lower case -> id, of sites in use."""
    query = select(Site.name, Site.id).where(Site.organization_id == organization_id, Site.retired_at.is_(None))
    return {name.lower(): site_id for name, site_id in session.execute(query)}


def person(session: Session, organization_id: int, person_id: UUID, *, lock: bool = False) -> Person | None:
    """By id."""
    query = select(Person).where(Person.organization_id == organization_id, Person.id == person_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def people(session: Session, organization_id: int, wanted: PeopleFilter, window: Window) -> Sequence[Person]:
    """In order of creation."""
    query = select(Person).where(Person.organization_id == organization_id, _is_set(Person.left_at, wanted.left))
    if wanted.only:
        query = query.where(Person.id == wanted.only)
    if wanted.text:
        query = query.where(_mentions(wanted.text))
    if wanted.site_id:
        query = query.where(Person.site_id == wanted.site_id)
    if wanted.group_id:
        query = query.where(
            exists().where(
                GroupMember.organization_id == organization_id,
                GroupMember.group_id == wanted.group_id,
                GroupMember.person_id == Person.id,
                GroupMember.valid_until.is_(None),
            )
        )
    query = query.where(*(_is_set(getattr(Person, name), True) for name in wanted.has))
    query = query.where(*(_is_set(getattr(Person, name), False) for name in wanted.lacks))
    if wanted.among is not None:
        query = query.where(Person.id == any_of(wanted.among))
    if wanted.but:
        query = query.where(Person.id != all_of(wanted.but))
    found: Sequence[Person] = session.scalars(_paged(query, Person.id, window)).all()
    return found


def people_of_ids(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> Sequence[Person]:
    """These people, in no order."""
    return session.scalars(select(Person).where(Person.organization_id == organization_id, Person.id.in_(person_ids))).all()


def names(session: Session, organization_id: int, person_ids: Sequence[UUID], *, text: str | None = None) -> dict[UUID, str]:
    """Person -> name (or telephone number), without making objects of thousands of people; with `text` only those it is found in."""
    query = select(Person.id, func.coalesce(Person.name, Person.telephone)).where(
        Person.organization_id == organization_id, Person.id == any_of(person_ids)
    )
    return dict(session.execute(query.where(_mentions(text)) if text else query).all())


def contacts(
    session: Session, organization_id: int, person_ids: Sequence[UUID]
) -> Sequence[Row[UUID, str | None, str | None, str | None, str | None, UUID | None]]:
    """(id, name, telephone, email, locale, site) of those of these people who have not left, without making objects of thousands of people."""
    query = select(Person.id, Person.name, Person.telephone, Person.email, Person.locale, Person.site_id)
    among = Person.id == any_of(person_ids)
    return session.execute(query.where(Person.organization_id == organization_id, among, Person.left_at.is_(None))).all()


def still_here(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of these people who have not left."""
    among = Person.id == any_of(person_ids)
    return frozenset(session.scalars(select(Person.id).where(Person.organization_id == organization_id, among, Person.left_at.is_(None))))


def here(session: Session, organization_id: int, *, site_id: UUID | None = None) -> list[UUID]:
    """Everybody who has not left, or those of one site."""
    query = select(Person.id).where(Person.organization_id == organization_id, Person.left_at.is_(None))
    return list(session.scalars(query.where(Person.site_id == site_id) if site_id else query))


def people_in_groups(session: Session, organization_id: int, group_ids: Sequence[UUID]) -> Sequence[Row[UUID, UUID]]:
    """(group, person) of everybody who is listed in one of these groups now."""
    query = select(GroupMember.group_id, GroupMember.person_id).where(
        GroupMember.organization_id == organization_id, GroupMember.group_id.in_(group_ids), GroupMember.valid_until.is_(None)
    )
    return session.execute(query).all()


def rules_of_groups(session: Session, organization_id: int, group_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any] | None]:
    """Group -> its rule, None for a listed one; retired groups are left out."""
    query = select(Group.id, Group.rule).where(
        Group.organization_id == organization_id, Group.id.in_(group_ids), Group.retired_at.is_(None)
    )
    return dict(session.execute(query).all())


def everybody(session: Session, organization_id: int) -> list[UUID]:
    """Everybody there ever was, those who left included, in order of creation."""
    return list(session.scalars(select(Person.id).where(Person.organization_id == organization_id).order_by(Person.id)))


def person_of_number(session: Session, organization_id: int, employee_number: str) -> UUID | None:
    """Who has this employee number and has not left."""
    query = select(Person.id).where(
        Person.organization_id == organization_id, Person.employee_number == employee_number, Person.left_at.is_(None)
    )
    return session.scalars(query).one_or_none()


NAMES = """
SELECT id::text, coalesce(name, telephone) FROM person WHERE organization_id = %(organization_id)s
AND (%(everybody)s OR id = ANY(%(people)s::uuid[]))
"""
MENTIONING = " AND concat_ws(E'\\n', name, employee_number, telephone, email) ILIKE %(pattern)s"


def people_of_telephone(session: Session, organization_id: int, telephone: str) -> list[UUID]:
    """Who has this number and has not left, in order of creation."""
    query = select(Person.id).where(Person.organization_id == organization_id, Person.telephone == telephone, Person.left_at.is_(None))
    return list(session.scalars(query.order_by(Person.id)))


def names_as_text(session: Session, organization_id: int, person_ids: Sequence[str] | None, *, text: str | None = None) -> dict[str, str]:
    """Person's id as text -> name (or telephone number); None: of everybody. For thousands of people, so nothing is made of a row."""
    parameters: dict[str, Any] = {"organization_id": organization_id, "everybody": person_ids is None, "people": person_ids}
    if text is not None:
        parameters["pattern"] = f"%{text.translate({ord(mark): f'{chr(92)}{mark}' for mark in '%_' + chr(92)})}%"
    return dict(plain(session).execute((NAMES + MENTIONING if text is not None else NAMES).encode(), parameters).fetchall())


def people_known_by(
    session: Session, organization_id: int, *, employee_numbers: Sequence[str], emails: Sequence[str], telephones: Sequence[str]
) -> Sequence[Person]:
    """Everybody who has one of these, locked, the oldest first."""
    wanted = ((Person.employee_number, employee_numbers), (Person.email, emails), (Person.telephone, telephones))
    known = or_(*(column == func.any(cast(list(values), ARRAY(Text))) for column, values in wanted))
    return session.scalars(
        select(Person).where(Person.organization_id == organization_id, known).order_by(Person.id).with_for_update()
    ).all()


def group(session: Session, organization_id: int, group_id: UUID, *, lock: bool = False) -> Group | None:
    """By id."""
    query = select(Group).where(Group.organization_id == organization_id, Group.id == group_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def groups(session: Session, organization_id: int, *, retired: bool, of_person: UUID | None, window: Window) -> Sequence[Row[Group, int]]:
    """(group, how many people are in it now), in order of creation."""
    members = (
        select(func.count())
        .where(GroupMember.organization_id == organization_id, GroupMember.group_id == Group.id, GroupMember.valid_until.is_(None))
        .correlate(Group)
        .scalar_subquery()
    )
    query = select(Group, members).where(Group.organization_id == organization_id, _is_set(Group.retired_at, retired))
    if of_person:
        query = query.where(
            exists().where(
                GroupMember.organization_id == organization_id,
                GroupMember.group_id == Group.id,
                GroupMember.person_id == of_person,
                GroupMember.valid_until.is_(None),
            )
        )
    return session.execute(_paged(query, Group.id, window)).all()


def group_ids(session: Session, organization_id: int, *, listed: bool = False) -> dict[str, UUID]:
    """Name in lower case -> id, of groups in use; `listed`: without those by rule."""
    query = select(Group.name, Group.id).where(Group.organization_id == organization_id, Group.retired_at.is_(None))
    query = query.where(Group.rule.is_(None)) if listed else query
    return {name.lower(): group_id for name, group_id in session.execute(query)}


def current_groups(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Person -> the groups they are in now."""
    found: dict[UUID, set[UUID]] = {person_id: set() for person_id in person_ids}
    query = select(GroupMember.person_id, GroupMember.group_id).where(
        GroupMember.organization_id == organization_id,
        GroupMember.person_id == any_of(person_ids),
        GroupMember.valid_until.is_(None),
    )
    for person_id, group_id in session.execute(query):
        found[person_id].add(group_id)
    return found


def memberships(session: Session, organization_id: int, person_ids: Sequence[UUID]) -> Sequence[GroupMember]:
    """All memberships of these people, ended ones too."""
    query = select(GroupMember).where(GroupMember.organization_id == organization_id, GroupMember.person_id.in_(person_ids))
    return session.scalars(query.order_by(GroupMember.person_id, GroupMember.valid_from)).all()


def people_in_group(session: Session, organization_id: int, group_id: UUID) -> list[UUID]:
    """Who is in it now."""
    query = select(GroupMember.person_id).where(
        GroupMember.organization_id == organization_id, GroupMember.group_id == group_id, GroupMember.valid_until.is_(None)
    )
    return list(session.scalars(query.order_by(GroupMember.person_id)))


def join_groups(session: Session, organization_id: int, pairs: Sequence[tuple[UUID, UUID]], now: datetime) -> list[UUID]:
    """Begin a membership for each (group, person) that is not in it. Returns the people whose groups changed."""
    if not pairs:
        return []
    rows = [
        {"id": uuid7(), "organization_id": organization_id, "group_id": group_id, "person_id": person_id, "valid_from": now}
        for group_id, person_id in pairs
    ]
    query = insert(GroupMember).on_conflict_do_nothing().returning(GroupMember.person_id)
    return sorted(set(session.scalars(query, rows)))


def end_memberships(
    session: Session, organization_id: int, now: datetime, *, group_id: UUID | None = None, person_id: UUID | None = None
) -> list[UUID]:
    """End the current memberships of a group, a person, or the one of both. Returns whose."""
    query = update(GroupMember).where(GroupMember.organization_id == organization_id, GroupMember.valid_until.is_(None))
    if group_id:
        query = query.where(GroupMember.group_id == group_id)
    if person_id:
        query = query.where(GroupMember.person_id == person_id)
    return sorted(set(session.scalars(query.values(valid_until=now).returning(GroupMember.person_id))))


def member(session: Session, organization_id: int, member_id: UUID, *, lock: bool = False) -> Member | None:
    """A current member by id."""
    query = select(Member).where(Member.organization_id == organization_id, Member.id == member_id, Member.ended_at.is_(None))
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def member_of_person(session: Session, organization_id: int, person_id: UUID) -> Member | None:
    """The current membership of a person."""
    query = select(Member).where(Member.organization_id == organization_id, Member.person_id == person_id, Member.ended_at.is_(None))
    return session.scalars(query.with_for_update()).one_or_none()


def member_of_account(session: Session, organization_id: int, user_id: UUID) -> Member | None:
    """The current membership of an account."""
    query = select(Member).where(Member.organization_id == organization_id, Member.user_account_id == user_id, Member.ended_at.is_(None))
    return session.scalars(query.with_for_update()).one_or_none()


def members(
    session: Session, organization_id: int, *, member_id: UUID | None = None, person_id: UUID | None = None, window: Window = ONE
) -> Sequence[Row[*tuple[Any, ...]]]:
    """(member, person's name, sign-in name, whether the password is still a generated one, slug of the organization) of current members, in order of creation."""
    query = (
        select(Member, Person.name, UserAccount.sign_in_name, UserAccount.must_change_password, Organization.slug)
        .join(Person, and_(Person.organization_id == Member.organization_id, Person.id == Member.person_id))
        .join(UserAccount, UserAccount.id == Member.user_account_id)
        .join(Organization, Organization.id == Member.organization_id)
        .where(Member.organization_id == organization_id, Member.ended_at.is_(None))
    )
    if member_id:
        query = query.where(Member.id == member_id)
    if person_id:
        query = query.where(Member.person_id == person_id)
    return session.execute(_paged(query, Member.id, window)).all()


def people_with_roles(session: Session, organization_id: int, roles: Sequence[str]) -> list[UUID]:
    """The people of current members who have at least one of these roles."""
    query = select(Member.person_id).where(
        Member.organization_id == organization_id, Member.ended_at.is_(None), Member.roles.overlap(cast(list(roles), ARRAY(Text)))
    )
    return list(session.scalars(query))


def locked_owners(session: Session, organization_id: int) -> list[UUID]:
    """Ids of the current members who are owners, locked, so that two of them cannot end each other at once."""
    query = select(Member.id).where(
        Member.organization_id == organization_id, Member.ended_at.is_(None), literal("owner") == Member.roles.any_()
    )
    return list(session.scalars(query.order_by(Member.id).with_for_update()))


def _is_set(column: Any, wanted: bool) -> ColumnElement[bool]:  # noqa: ANN401, FBT001 (a mapped column)
    found: ColumnElement[bool] = column.is_not(None) if wanted else column.is_(None)
    return found


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (Person.name, Person.employee_number, Person.telephone, Person.email)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _paged(query: Any, key: Any, window: Window) -> Any:  # noqa: ANN401 (any select, a mapped column)
    """One row more than asked for, so that the page knows whether it is the last."""
    return (query.where(key > window.after) if window.after else query).order_by(key).limit(window.limit + 1)
