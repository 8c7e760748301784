"""The tables of visits and of the roll call."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from app.db.walls import APPEND_ONLY, grant, wall

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "agreement",
    "visit_retention",
    "visit_type",
    "visit_webhook",
    "agreement_version",
    "agreement_signature",
    "deny_entry",
    "host_delegate",
    "invitation",
    "visit_settings",
    "roll_call",
    "visitor",
    "roll_call_entry",
    "roll_call_note",
    "visit",
    "visitor_field",
    "roll_call_mark",
    "visit_notice",
)
GLOBAL = ()


def upgrade() -> None:
    """Create the tables, inside both walls."""
    op.create_table(
        "agreement",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("keep_days", sa.SmallInteger(), server_default="365", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("keep_days BETWEEN 1 AND 3660", name=op.f("ck_agreement_keep_days")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_agreement_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_agreement_organization_id_name")),
    )
    op.create_table(
        "visit_retention",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cutoff", sa.Date(), nullable=False),
        sa.Column("counts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("fields", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("types", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_visit_retention_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit_retention")),
    )
    op.create_index("ix_visit_retention_cutoff", "visit_retention", ["organization_id", "cutoff"], unique=False, postgresql_where=None)
    op.create_table(
        "visit_type",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("fields", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("agreement_ids", postgresql.ARRAY(sa.UUID()), server_default="{}", nullable=False),
        sa.Column("ends_after_min", sa.Integer(), server_default="480", nullable=False),
        sa.Column("assumed_after_min", sa.Integer(), server_default="240", nullable=False),
        sa.Column("overstay_after_min", sa.Integer(), nullable=True),
        sa.Column("walk_in", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("approval", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("badge", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("keep_days", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('visitor', 'contractor', 'delivery')", name=op.f("ck_visit_type_kind")),
        sa.CheckConstraint(
            "ends_after_min BETWEEN 5 AND 10080 AND assumed_after_min BETWEEN 0 AND 2880 AND keep_days BETWEEN 1 AND 400",
            name=op.f("ck_visit_type_ranges"),
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_visit_type_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit_type")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_visit_type_organization_id_name")),
    )
    op.create_table(
        "visit_webhook",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failure", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_visit_webhook_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit_webhook")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_visit_webhook_organization_id_name")),
    )
    op.create_table(
        "agreement_version",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("agreement_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("texts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "agreement_id"],
            ["agreement.organization_id", "agreement.id"],
            name=op.f("fk_agreement_version_organization_id_agreement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_agreement_version_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_agreement_version")),
        sa.UniqueConstraint(
            "organization_id", "agreement_id", "number", name=op.f("uq_agreement_version_organization_id_agreement_id_number")
        ),
    )
    op.create_table(
        "agreement_signature",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version_id", sa.UUID(), nullable=False),
        sa.Column("visitor_id", sa.UUID(), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "version_id"],
            ["agreement_version.organization_id", "agreement_version.id"],
            name=op.f("fk_agreement_signature_organization_id_version_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_agreement_signature_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint(
            "organization_id", "visitor_id", "version_id", name=op.f("uq_agreement_signature_organization_id_visitor_id_version_id")
        ),
    )
    op.create_index(
        "ix_agreement_signature_purge", "agreement_signature", ["organization_id", "purge_after"], unique=False, postgresql_where=None
    )
    op.create_table(
        "deny_entry",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sound_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=True),
        sa.Column("approved_by", sa.UUID(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("hits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("reason IN ('violence', 'theft', 'threat', 'trespass', 'other')", name=op.f("ck_deny_entry_reason")),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_deny_entry_second_person")),
        sa.ForeignKeyConstraint(
            ["organization_id", "approved_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_deny_entry_organization_id_approved_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "proposed_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_deny_entry_organization_id_proposed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_deny_entry_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_deny_entry")),
    )
    op.create_index("ix_deny_entry_name", "deny_entry", ["organization_id", "name_hash"], unique=False, postgresql_where=None)
    op.create_index("ix_deny_entry_sound", "deny_entry", ["organization_id", "sound_hash"], unique=False, postgresql_where=None)
    op.create_table(
        "host_delegate",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("delegate_id", sa.UUID(), nullable=True),
        sa.Column("department_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("delegate_id <> person_id", name=op.f("ck_host_delegate_not_oneself")),
        sa.ForeignKeyConstraint(
            ["organization_id", "delegate_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_host_delegate_organization_id_delegate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_host_delegate_organization_id_department_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_host_delegate_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_host_delegate_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_host_delegate")),
    )
    op.create_table(
        "invitation",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=False),
        sa.Column("visit_type_id", sa.UUID(), nullable=False),
        sa.Column("host_id", sa.UUID(), nullable=True),
        sa.Column("invited_by", sa.UUID(), nullable=True),
        sa.Column("sealed_subject", sa.LargeBinary(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=500), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_invitation_order")),
        sa.ForeignKeyConstraint(
            ["organization_id", "host_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_invitation_organization_id_host_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "invited_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_invitation_organization_id_invited_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_invitation_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "visit_type_id"],
            ["visit_type.organization_id", "visit_type.id"],
            name=op.f("fk_invitation_organization_id_visit_type_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_invitation_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_purge", "invitation", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_table(
        "visit_settings",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=False),
        sa.Column("default_host_id", sa.UUID(), nullable=True),
        sa.Column("reception_group_id", sa.UUID(), nullable=True),
        sa.Column("chain", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("directions", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("house_rules", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("assembly_number", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "default_host_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_visit_settings_organization_id_default_host_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "reception_group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_visit_settings_organization_id_reception_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_visit_settings_organization_id_site_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_visit_settings_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "site_id", name=op.f("pk_visit_settings")),
    )
    op.create_table(
        "roll_call",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("exercise", sa.String(length=10), nullable=False),
        sa.Column("site_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("joined_id", sa.UUID(), nullable=True),
        sa.Column("started_by", sa.UUID(), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("exercise IN ('actual', 'exercise')", name=op.f("ck_roll_call_exercise")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ended_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_roll_call_organization_id_ended_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "joined_id"],
            ["roll_call.organization_id", "roll_call.id"],
            name=op.f("fk_roll_call_organization_id_joined_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_roll_call_organization_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "started_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_roll_call_organization_id_started_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_roll_call_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_roll_call")),
    )
    op.create_index("ix_roll_call_open", "roll_call", ["organization_id", "id"], unique=False, postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_roll_call_purge", "roll_call", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_table(
        "visitor",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("invitation_id", sa.UUID(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "invitation_id"],
            ["invitation.organization_id", "invitation.id"],
            name=op.f("fk_visitor_organization_id_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_visitor_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visitor")),
        sa.UniqueConstraint("organization_id", "link_hash", name=op.f("uq_visitor_organization_id_link_hash")),
    )
    op.create_index("ix_visitor_invitation", "visitor", ["organization_id", "invitation_id"], unique=False, postgresql_where=None)
    op.create_index("ix_visitor_purge", "visitor", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_index(
        "uq_visitor_code", "visitor", ["organization_id", "code_hash"], unique=True, postgresql_where=sa.text("code_hash IS NOT NULL")
    )
    op.create_table(
        "roll_call_entry",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("roll_call_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("visit_id", sa.UUID(), nullable=True),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("same_as", sa.UUID(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "basis IN ('inside', 'unknown', 'clocked_in', 'visit', 'left_assumed', 'added')", name=op.f("ck_roll_call_entry_basis")
        ),
        sa.CheckConstraint("num_nonnulls(person_id, visit_id) <= 1", name=op.f("ck_roll_call_entry_one_of_both")),
        sa.ForeignKeyConstraint(
            ["organization_id", "roll_call_id"],
            ["roll_call.organization_id", "roll_call.id"],
            name=op.f("fk_roll_call_entry_organization_id_roll_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_roll_call_entry_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_roll_call_entry")),
    )
    op.create_index(
        "ix_roll_call_entry_added",
        "roll_call_entry",
        ["organization_id", "roll_call_id"],
        unique=False,
        postgresql_where=sa.text("basis = 'added'"),
    )
    op.create_index(
        "ix_roll_call_entry_roll_call", "roll_call_entry", ["organization_id", "roll_call_id"], unique=False, postgresql_where=None
    )
    op.create_index(
        "uq_roll_call_entry_person",
        "roll_call_entry",
        ["organization_id", "roll_call_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_index(
        "uq_roll_call_entry_visit",
        "roll_call_entry",
        ["organization_id", "roll_call_id", "visit_id"],
        unique=True,
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )
    op.create_table(
        "roll_call_note",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("roll_call_id", sa.UUID(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("responder_id", sa.UUID(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "responder_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_roll_call_note_organization_id_responder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "roll_call_id"],
            ["roll_call.organization_id", "roll_call.id"],
            name=op.f("fk_roll_call_note_organization_id_roll_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_roll_call_note_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_roll_call_note")),
    )
    op.create_index(
        "ix_roll_call_note_roll_call", "roll_call_note", ["organization_id", "roll_call_id"], unique=False, postgresql_where=None
    )
    op.create_table(
        "visit",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("visitor_id", sa.UUID(), nullable=False),
        sa.Column("invitation_id", sa.UUID(), nullable=True),
        sa.Column("visit_type_id", sa.UUID(), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=False),
        sa.Column("host_id", sa.UUID(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("expected_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by", sa.String(length=10), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_by", sa.String(length=10), nullable=True),
        sa.Column("badge_number", sa.Integer(), nullable=True),
        sa.Column("host_said", sa.String(length=15), nullable=True),
        sa.Column("stopped", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("step", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("overstay_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("arrived_by IN ('kiosk', 'code', 'reception', 'host', 'link', 'webhook')", name=op.f("ck_visit_arrived_by")),
        sa.CheckConstraint("host_said IN ('coming', 'send_someone', 'not_today')", name=op.f("ck_visit_host_said")),
        sa.CheckConstraint("left_by IN ('kiosk', 'code', 'reception', 'host', 'link', 'webhook', 'clock')", name=op.f("ck_visit_left_by")),
        sa.CheckConstraint(
            "state IN ('expected', 'waiting', 'on_site', 'left_confirmed', 'left_assumed', 'refused', 'cancelled')",
            name=op.f("ck_visit_state"),
        ),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_by IS NULL) AND (arrived_at IS NULL) = (arrived_by IS NULL)", name=op.f("ck_visit_ways")
        ),
        sa.CheckConstraint("expected_until > expected_from", name=op.f("ck_visit_order")),
        sa.ForeignKeyConstraint(
            ["organization_id", "host_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_visit_organization_id_host_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "invitation_id"],
            ["invitation.organization_id", "invitation.id"],
            name=op.f("fk_visit_organization_id_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_visit_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "visit_type_id"],
            ["visit_type.organization_id", "visit_type.id"],
            name=op.f("fk_visit_organization_id_visit_type_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "visitor_id"],
            ["visitor.organization_id", "visitor.id"],
            name=op.f("fk_visit_organization_id_visitor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_visit_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_arrived", "visit", ["organization_id", "arrived_at"], unique=False, postgresql_where=None)
    op.create_index("ix_visit_day", "visit", ["organization_id", "expected_from", "expected_until"], unique=False, postgresql_where=None)
    op.create_index(
        "ix_visit_host",
        "visit",
        ["organization_id", "host_id", "expected_from"],
        unique=False,
        postgresql_where=sa.text("host_id IS NOT NULL"),
    )
    op.create_index("ix_visit_invitation", "visit", ["organization_id", "invitation_id"], unique=False, postgresql_where=None)
    op.create_index("ix_visit_left", "visit", ["organization_id", "left_at"], unique=False, postgresql_where=sa.text("left_at IS NOT NULL"))
    op.create_index(
        "ix_visit_open",
        "visit",
        ["organization_id", "site_id", "expected_until"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'on_site')"),
    )
    op.create_index("ix_visit_purge", "visit", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_index("ix_visit_visitor", "visit", ["organization_id", "visitor_id"], unique=False, postgresql_where=None)
    op.create_table(
        "visitor_field",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("visitor_id", sa.UUID(), nullable=False),
        sa.Column("field", sa.String(length=12), nullable=False),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.CheckConstraint("field IN ('company', 'telephone', 'email', 'plate', 'photo')", name=op.f("ck_visitor_field_field")),
        sa.ForeignKeyConstraint(
            ["organization_id", "visitor_id"],
            ["visitor.organization_id", "visitor.id"],
            name=op.f("fk_visitor_field_organization_id_visitor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_visitor_field_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "visitor_id", "field", name=op.f("pk_visitor_field")),
    )
    op.create_index("ix_visitor_field_purge", "visitor_field", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_table(
        "roll_call_mark",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("roll_call_id", sa.UUID(), nullable=False),
        sa.Column("entry_id", sa.UUID(), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("withdraws", sa.UUID(), nullable=True),
        sa.Column("marked_by", sa.String(length=10), nullable=False),
        sa.Column("responder_id", sa.UUID(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(mark = 'withdrawn') = (withdraws IS NOT NULL)", name=op.f("ck_roll_call_mark_withdraws")),
        sa.CheckConstraint("mark IN ('safe', 'missing', 'need_help', 'not_here', 'withdrawn')", name=op.f("ck_roll_call_mark_mark")),
        sa.CheckConstraint("marked_by IN ('responder', 'self', 'reply', 'host')", name=op.f("ck_roll_call_mark_marked_by")),
        sa.ForeignKeyConstraint(
            ["organization_id", "entry_id"],
            ["roll_call_entry.organization_id", "roll_call_entry.id"],
            name=op.f("fk_roll_call_mark_organization_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "responder_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_roll_call_mark_organization_id_responder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "roll_call_id"],
            ["roll_call.organization_id", "roll_call.id"],
            name=op.f("fk_roll_call_mark_organization_id_roll_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_roll_call_mark_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_roll_call_mark")),
    )
    op.create_index("ix_roll_call_mark_entry", "roll_call_mark", ["organization_id", "entry_id"], unique=False, postgresql_where=None)
    op.create_index(
        "ix_roll_call_mark_roll_call", "roll_call_mark", ["organization_id", "roll_call_id"], unique=False, postgresql_where=None
    )
    op.create_table(
        "visit_notice",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("visit_id", sa.UUID(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.String(length=15), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("answer IN ('coming', 'send_someone', 'not_today')", name=op.f("ck_visit_notice_answer")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_visit_notice_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "visit_id"],
            ["visit.organization_id", "visit.id"],
            name=op.f("fk_visit_notice_organization_id_visit_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_visit_notice_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_visit_notice")),
        sa.UniqueConstraint("organization_id", "token_hash", name=op.f("uq_visit_notice_organization_id_token_hash")),
        sa.UniqueConstraint(
            "organization_id", "visit_id", "step", "person_id", name=op.f("uq_visit_notice_organization_id_visit_id_step_person_id")
        ),
    )
    op.create_index("ix_visit_notice_person", "visit_notice", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    # ### end Alembic commands ###
    roles = context.config.attributes
    for table in TABLES:
        if table not in GLOBAL:
            wall(table)
        grant(table, roles["app_role"], roles["backup_role"], append_only=table in APPEND_ONLY)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_visit_notice_person", table_name="visit_notice", postgresql_where=None)
    op.drop_table("visit_notice")
    op.drop_index("ix_roll_call_mark_roll_call", table_name="roll_call_mark", postgresql_where=None)
    op.drop_index("ix_roll_call_mark_entry", table_name="roll_call_mark", postgresql_where=None)
    op.drop_table("roll_call_mark")
    op.drop_index("ix_visitor_field_purge", table_name="visitor_field", postgresql_where=None)
    op.drop_table("visitor_field")
    op.drop_index("ix_visit_visitor", table_name="visit", postgresql_where=None)
    op.drop_index("ix_visit_purge", table_name="visit", postgresql_where=None)
    op.drop_index("ix_visit_open", table_name="visit", postgresql_where=sa.text("state IN ('waiting', 'on_site')"))
    op.drop_index("ix_visit_left", table_name="visit", postgresql_where=sa.text("left_at IS NOT NULL"))
    op.drop_index("ix_visit_invitation", table_name="visit", postgresql_where=None)
    op.drop_index("ix_visit_host", table_name="visit", postgresql_where=sa.text("host_id IS NOT NULL"))
    op.drop_index("ix_visit_day", table_name="visit", postgresql_where=None)
    op.drop_index("ix_visit_arrived", table_name="visit", postgresql_where=None)
    op.drop_table("visit")
    op.drop_index("ix_roll_call_note_roll_call", table_name="roll_call_note", postgresql_where=None)
    op.drop_table("roll_call_note")
    op.drop_index("uq_roll_call_entry_visit", table_name="roll_call_entry", postgresql_where=sa.text("visit_id IS NOT NULL"))
    op.drop_index("uq_roll_call_entry_person", table_name="roll_call_entry", postgresql_where=sa.text("person_id IS NOT NULL"))
    op.drop_index("ix_roll_call_entry_roll_call", table_name="roll_call_entry", postgresql_where=None)
    op.drop_index("ix_roll_call_entry_added", table_name="roll_call_entry", postgresql_where=sa.text("basis = 'added'"))
    op.drop_table("roll_call_entry")
    op.drop_index("uq_visitor_code", table_name="visitor", postgresql_where=sa.text("code_hash IS NOT NULL"))
    op.drop_index("ix_visitor_purge", table_name="visitor", postgresql_where=None)
    op.drop_index("ix_visitor_invitation", table_name="visitor", postgresql_where=None)
    op.drop_table("visitor")
    op.drop_index("ix_roll_call_purge", table_name="roll_call", postgresql_where=None)
    op.drop_index("ix_roll_call_open", table_name="roll_call", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_table("roll_call")
    op.drop_table("visit_settings")
    op.drop_index("ix_invitation_purge", table_name="invitation", postgresql_where=None)
    op.drop_table("invitation")
    op.drop_table("host_delegate")
    op.drop_index("ix_deny_entry_sound", table_name="deny_entry", postgresql_where=None)
    op.drop_index("ix_deny_entry_name", table_name="deny_entry", postgresql_where=None)
    op.drop_table("deny_entry")
    op.drop_index("ix_agreement_signature_purge", table_name="agreement_signature", postgresql_where=None)
    op.drop_table("agreement_signature")
    op.drop_table("agreement_version")
    op.drop_table("visit_webhook")
    op.drop_table("visit_type")
    op.drop_index("ix_visit_retention_cutoff", table_name="visit_retention", postgresql_where=None)
    op.drop_table("visit_retention")
    op.drop_table("agreement")
    # ### end Alembic commands ###
