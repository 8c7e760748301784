"""Two organizations with one of everything for everybody, so that every route has something of one's own and something of a stranger to name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import Device, Group, GroupMember, Site, UserAccount, UserSession
from app.accounts.service import members, people, sessions
from app.actor import MEMBER_ROLES, new_device_token
from app.attendance import workdays
from app.attendance.corrections import Change
from app.attendance.models import Approval, Correction, Export, Punch, Shift, Stay
from app.attendance.stays import Look
from app.config import Settings
from app.db.transaction import Database
from app.geofences.models import Fence, FenceAssignment, FenceSet, FenceVersion
from app.messaging.models import Message, MessageTemplate, PushSubscription, Recipient, Reply, StaffingRule, TemplateVersion
from app.privacy import service as privacy
from app.privacy import texts
from app.privacy.models import WorkingWindow
from app.privacy.service import instructions, switches
from app.privacy.service.keys import OrganizationKeyring
from app.visitors.fields import ABOUT as ABOUT_FIELD
from app.visitors.models import (
    Agreement,
    AgreementVersion,
    DenyEntry,
    Invitation,
    RollCall,
    Visit,
    Visitor,
    VisitorField,
    VisitType,
    VisitWebhook,
)

MODULES = ("attendance", "geofence", "messages", "alerts", "visitors")
NOW = datetime.fromisoformat("2026-06-03T12:00:00+00:00")
YESTERDAY = NOW - timedelta(days=1)
HQ = (52.0907, 5.1214)
COLLEAGUE = "colleague"
CHANGE = Change("add", YESTERDAY, YESTERDAY + timedelta(hours=1))
BROWSER = sessions.Browser("Test", "10.0.0.0/24")


@dataclass
class Someone:
    """A person who can sign in: two live sessions, a phone, and one of everything that a person has."""

    role: str
    person_id: UUID
    account_id: UUID
    cookie: str
    token: str
    device_id: UUID
    ids: Mapping[str, str]
    """Name of a path's parameter -> something of theirs."""


@dataclass
class House:
    """One organization. `people` by role, and `colleague`, a second employee."""

    organization_id: int
    slug: str
    people: dict[str, Someone] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    kiosk: str = ""
    """Token of a tablet at the site."""


class Builder:
    """Builds a house through the services where one makes the thing, and as rows where only time could make it."""

    def __init__(self, database: Database, settings: Settings, *, modules: tuple[str, ...] = MODULES) -> None:
        self.database, self.settings = database, settings
        with database.identity() as session:
            self.id = accounts.next_organization_id(session)
        self.house = House(self.id, f"house-{self.id}")
        new = accounts.NewOrganization(
            "House", "Olga Owner", "Street 1", "+31201234567", "o@example.org", slug=self.house.slug, modules=modules
        )
        accepted = privacy.AcceptedStatement(texts.current("statement", "en").version, "en", "Olga Owner")
        with database.tenant(self.id) as session:
            made = privacy.register_organization(session, self.id, new, accepted, YESTERDAY, settings)
            self._shared(session)
            owner = SimpleNamespace(person=made.owner_person_id)
        for role in (*MEMBER_ROLES, COLLEAGUE):
            with database.tenant(self.id) as session:
                self.house.people[role] = self._someone(session, role, owner.person if role == "owner" else None)

    def _add(self, session: Session, row: Any) -> str:
        row.organization_id = self.id
        session.add(row)
        session.flush()
        return str(row.id) if hasattr(row, "id") else ""

    def _shared(self, session: Session) -> None:
        site = self._add(session, Site(name="Site"))
        self.house.kiosk, hashed = new_device_token(self.id)
        scopes = ["kiosk", "visitors"]
        self._add(session, Device(site_id=UUID(site), kind="kiosk", client="native", name="Kiosk", token_hash=hashed, scopes=scopes))
        signed = instructions.NewInstruction(
            "O", "director", ["attendance"], "legitimate_interest", texts.current("notice", "en").version, ["button"]
        )
        instruction = instructions.sign_instruction(session, self.id, signed, YESTERDAY)
        self.house.shared = {
            "site_id": site,
            "instruction_id": str(instruction.id),
            "worked_on": "2026-06-02",
            "organization": self.house.slug,
        }
        if session.get(FenceSet, self.id) is None:
            self._add(session, FenceSet(version=1))
        for name in ("all", COLLEAGUE):
            group = self._add(session, Group(name=name))
            self.house.shared[f"group of {name}"] = group
            self.house.shared[f"fence of {name}"] = self._fence(session, None if name == "all" else UUID(group))

    def _fence(self, session: Session, group: UUID | None) -> str:
        fence = self._add(session, Fence(number=len([name for name in self.house.shared if name.startswith("fence")]) + 1))
        place = from_shape(shapely.Point(HQ[1], HQ[0]), 4326)
        self._add(
            session,
            FenceVersion(fence_id=UUID(fence), version=1, valid_from=YESTERDAY, name="HQ", geometry=place, radius_m=150.0, policy={}),
        )
        self._add(session, FenceAssignment(fence_id=UUID(fence), group_id=group, valid_from=YESTERDAY))
        return fence

    def _someone(self, session: Session, role: str, person_id: UUID | None) -> Someone:
        """The owner exists already; everybody else is made."""
        if person_id is None:
            person_id = people.create_person(session, self.id, {"name": f"{role.title()} Person"}).id
            given = ("employee",) if role == COLLEAGUE else (role,)
            members.add_member(session, self.id, members.NewMember(person_id, given), NOW, self.settings)
        facts = next(row for row in members.list_members(session, self.id) if row.person_id == person_id)
        account = session.query(UserAccount).filter_by(sign_in_name=facts.sign_in_name).one()
        account.must_change_password = False
        cookie, other = _two_sessions(session, account.id, self.id, self.settings)
        token, hashed = new_device_token(self.id)
        phone = Device(person_id=person_id, kind="phone", client="native", name="Phone", token_hash=hashed, scopes=["pings", "punches"])
        device = UUID(self._add(session, phone))
        crew = COLLEAGUE if role == COLLEAGUE else "all"
        group, fence = self.house.shared[f"group of {crew}"], self.house.shared[f"fence of {crew}"]
        self._add(session, GroupMember(group_id=UUID(group), person_id=person_id, valid_from=YESTERDAY))
        whose = switches.Whose(self.id, person_id, "device")
        switches.switch_on(session, whose, switches.Acceptance(texts.current("notice", "en").version, "en"), YESTERDAY)
        ids = {
            **self.house.shared,
            "person_id": str(person_id),
            "member_id": str(facts.id),
            "session_id": other,
            "device_id": str(device),
            "group_id": group,
            "fence_id": fence,
            "screen": "sign-in",
            "link": "nobody",
            "point": "nobody",
            "token": "nobody",
            "provider": "nobody",
            **self._things(session, person_id, UUID(fence)),
            **self._said(session, person_id, UUID(group), UUID(fence)),
            **self._received(session, person_id, UUID(self.house.shared["site_id"])),
        }
        return Someone(role, person_id, account.id, cookie, token, device, ids)

    def _things(self, session: Session, person: UUID, fence: UUID) -> dict[str, str]:
        weekly = {"weekdays": [1, 2, 3, 4, 5], "starts_at": time(8), "ends_at": time(17), "timezone": "Europe/Amsterdam"}
        day = date(2026, 6, 2)
        rows = {
            "window_id": WorkingWindow(person_id=person, valid_from=date(2026, 1, 1), **weekly),
            "shift_id": Shift(person_id=person, name="Day", valid_from=date(2026, 1, 1), **weekly),
            "stay_id": Stay(
                person_id=person,
                fence_id=fence,
                entered_at=YESTERDAY,
                left_at=YESTERDAY + timedelta(hours=2),
                ended="assumed",
                last_inside_at=YESTERDAY + timedelta(hours=2),
                decided_at=NOW,
            ),
            "punch_id": Punch(person_id=person, kind="in", at=YESTERDAY, method="button", made_by=person),
            "correction_id": Correction(
                person_id=person, worked_on=day, source="person", change=CHANGE.as_json(), reason="Forgot", proposed_by=person
            ),
            "approval_id": Approval(
                requested_by=person,
                first=day,
                last=day,
                despite_questions=False,
                status="done",
                people=1,
                people_done=1,
                approved=1,
                approved_before=0,
                skipped=0,
                left_out=[],
            ),
            "export_id": Export(requested_by=person, format="csv", parameters={}, expires_at=NOW + timedelta(days=1)),
        }
        at = datetime.fromisoformat("2026-06-01T08:00:00+00:00")
        for kind, hour in (("in", 0), ("out", 8)):
            self._add(session, Punch(person_id=person, kind=kind, at=at + timedelta(hours=hour), method="button", made_by=person))
        made = {name: self._add(session, row) for name, row in rows.items()}
        approved = workdays.Period(at.date(), at.date())
        workdays.approve(session, Look(self.id, NOW), [person], approved, person, despite_questions=True)
        return made

    def _said(self, session: Session, person: UUID, group: UUID, fence: UUID) -> dict[str, str]:
        """Messages, an alert that this person got and sent, and what belongs to them."""
        common: dict[str, Any] = {"exercise": "actual", "severity": "severe", "target": {"people": [str(person)]}, "channels": ["sms"]}
        common |= {"plan": {}, "asks_reply": True, "late_entry": False, "sender_id": person}
        keyring, words = OrganizationKeyring(self.settings), b'{"nl": {"subject": "", "body": "x"}}'
        common["sealed_texts"] = keyring.seal(session, self.id, words, b"message.sealed_texts")
        message = self._add(session, Message(kind="message", stage="scheduled", due_at=NOW + timedelta(days=1), **common))
        alert = self._add(session, Message(kind="alert", stage="active", active_at=YESTERDAY, **common))
        for each in (message, alert):
            self._add(session, Recipient(message_id=UUID(each), person_id=person, reply_hash=uuid4().bytes * 2))
        hours = {"weekdays": [1], "starts_at": time(8), "ends_at": time(9)}
        key = {"endpoint": "https://push.example/x", "endpoint_hash": uuid4().bytes * 2, "p256dh": "-", "auth": "-"}
        rows = {
            "reply_id": Reply(message_id=UUID(alert), person_id=person, kind="text", channel="app", said_at=YESTERDAY),
            "rule_id": StaffingRule(name=str(person), group_id=group, fence_id=fence, at_least=1, warns_group_id=group, **hours),
            "subscription_id": PushSubscription(person_id=person, **key),
            "template_id": MessageTemplate(name=str(person)),
        }
        made = {name: self._add(session, row) for name, row in rows.items()}
        sealed = keyring.seal(session, self.id, words, b"message_template_version.sealed_texts")
        self._add(session, TemplateVersion(template_id=UUID(made["template_id"]), number=1, sealed_texts=sealed))
        return {"message_id": message, "alert_id": alert, **made}

    def _received(self, session: Session, person: UUID, site: UUID) -> dict[str, str]:
        """Somebody who is invited by this person and on site, and what belongs to visits and to the roll call."""
        keyring, gone_by = OrganizationKeyring(self.settings), date(2026, 7, 3)

        def sealed(words: bytes, about: bytes) -> bytes:
            return keyring.seal(session, self.id, words, about)

        kind = self.house.shared.get("type_id") or self._add(session, VisitType(name=str(person), kind="visitor"))
        self.house.shared = {**self.house.shared, "type_id": kind}
        times: dict[str, Any] = {"purge_after": gone_by, "site_id": site, "visit_type_id": UUID(kind), "host_id": person}
        planned = {"starts_at": YESTERDAY, "ends_at": NOW + timedelta(hours=2), "timezone": "Europe/Amsterdam", "invited_by": person}
        invitation = self._add(session, Invitation(**planned, **times))
        visitor = self._add(
            session,
            Visitor(invitation_id=UUID(invitation), name="Somebody Else", locale="en", link_hash=uuid4().bytes * 2, purge_after=gone_by),
        )
        self._add(
            session, VisitorField(visitor_id=UUID(visitor), field="photo", sealed_value=sealed(b"-", ABOUT_FIELD), purge_after=gone_by)
        )
        came = {"state": "on_site", "arrived_at": YESTERDAY, "arrived_by": "reception"}
        expected = {"expected_from": YESTERDAY, "expected_until": NOW + timedelta(hours=2)}
        visit = Visit(visitor_id=UUID(visitor), invitation_id=UUID(invitation), **came, **expected, **times)
        agreement = self._add(session, Agreement(name=str(person)))
        self._add(session, AgreementVersion(agreement_id=UUID(agreement), number=1, texts={"en": "x"}, sha256={"en": "0" * 64}))
        denied = {"name_hash": uuid4().bytes * 2, "sound_hash": uuid4().bytes * 2, "reason": "other", "expires_on": gone_by}
        secret = sealed(b"secret", b"visit_webhook.secret")
        rows = {
            "visit_id": visit,
            "entry_id": DenyEntry(proposed_by=person, **denied),
            "webhook_id": VisitWebhook(name=str(person), url="https://door.example/x", sealed_secret=secret, kinds=["arrived"]),
            "roll_call_id": RollCall(exercise="exercise", site_ids=[site], started_by=person, purge_after=gone_by),
        }
        made = {name: self._add(session, row) for name, row in rows.items()}
        return {
            "type_id": kind,
            "visit_type_id": kind,
            "invitation_id": invitation,
            "visitor_id": visitor,
            "agreement_id": agreement,
            **made,
        }


def build(database: Database, settings: Settings, **more: Any) -> House:
    """A new house."""
    return Builder(database, settings, **more).house


def operator(database: Database, settings: Settings, *, must_change_password: bool = False) -> tuple[str, str]:
    """An operator: the token of one session and the id of another."""
    with database.identity() as session:
        name = f"operator-{uuid4().hex[:8]}"
        accounts.create_operator(session, name, NOW, settings)
        account = session.query(UserAccount).filter_by(sign_in_name=name).one()
        account.must_change_password = must_change_password
        return _two_sessions(session, account.id, None, settings)


def _two_sessions(session: Session, account_id: UUID, organization_id: int | None, settings: Settings) -> tuple[str, str]:
    tokens = [sessions.open_session(session, sessions.Holder(account_id, organization_id), BROWSER, NOW, settings) for _ in range(2)]
    other = session.query(UserSession).filter_by(id_hash=sessions.token_hash(tokens[1])).one()
    return tokens[0], str(other.public_id)


def spoil(database: Database, someone: Someone, how: str, organization_id: int) -> None:
    """Take the credential away in one of the ways it can end."""
    hashed = sessions.token_hash(someone.cookie)
    with database.tenant(organization_id) as session:
        if how == "expired":
            session.execute(update(UserSession).where(UserSession.id_hash == hashed).values(expires_at=NOW))
        elif how == "idle":
            session.execute(update(UserSession).where(UserSession.id_hash == hashed).values(last_seen_at=NOW - timedelta(days=30)))
        elif how == "ended":
            members.end_member_of_person(session, organization_id, someone.person_id, NOW)
        elif how == "left":
            people.leave(session, people.get_person(session, organization_id, someone.person_id, lock=True), NOW)
        elif how == "must change":
            session.execute(update(UserAccount).where(UserAccount.id == someone.account_id).values(must_change_password=True))
        elif how == "switched off":
            session.execute(update(UserAccount).where(UserAccount.id == someone.account_id).values(active=False))
        elif how == "revoked":
            session.execute(
                update(Device).where(Device.organization_id == organization_id, Device.id == someone.device_id).values(revoked_at=NOW)
            )
        else:
            raise ValueError(how)
