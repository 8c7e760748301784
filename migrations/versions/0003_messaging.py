"""The tables of messaging, and the keys of organizations."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

from app.db.walls import APPEND_ONLY, grant, wall

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "stray_receipt",
    "guest",
    "message_template",
    "messaging_settings",
    "organization_key",
    "provider_reference",
    "receipt",
    "traffic_record",
    "message_template_version",
    "contact_preference",
    "message",
    "push_subscription",
    "staffing_rule",
    "message_update",
    "recipient",
    "delivery",
    "reply",
)
GLOBAL = ("provider_reference", "stray_receipt")


def upgrade() -> None:
    """Create the tables, inside both walls."""
    op.create_table(
        "stray_receipt",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_receipt")),
    )
    op.create_table(
        "guest",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_guest_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_guest")),
    )
    op.create_table(
        "message_template",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_message_template_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_message_template")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_message_template_organization_id_name")),
    )
    op.create_table(
        "messaging_settings",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), server_default="{push,sms,email}", nullable=False),
        sa.Column("sender_name", sa.String(length=11), nullable=True),
        sa.Column("approval", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("countdown_s", sa.SmallInteger(), server_default="10", nullable=False),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("content_days", sa.SmallInteger(), server_default="90", nullable=False),
        sa.CheckConstraint(
            "channels <@ ARRAY['push', 'sms', 'email', 'apprise']::text[] AND cardinality(channels) > 0",
            name=op.f("ck_messaging_settings_channels"),
        ),
        sa.CheckConstraint("countdown_s BETWEEN 0 AND 60 AND content_days BETWEEN 1 AND 400", name=op.f("ck_messaging_settings_ranges")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_messaging_settings_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_messaging_settings")),
    )
    op.create_table(
        "organization_key",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_organization_key_destroyed")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_key_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_organization_key")),
    )
    op.create_index(
        "uq_organization_key_current",
        "organization_key",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("destroyed_at IS NULL"),
    )
    op.create_table(
        "provider_reference",
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=100), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.UUID(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_provider_reference_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider", "ref", name=op.f("pk_provider_reference")),
    )
    op.create_index(op.f("ix_provider_reference_expires_at"), "provider_reference", ["expires_at"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("provider", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sealed_raw", sa.LargeBinary(), nullable=False),
        sa.Column("message_ref", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('receipt', 'inbound')", name=op.f("ck_receipt_kind")),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_receipt_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_receipt")),
    )
    op.create_index(
        "ix_receipt_waiting", "receipt", ["organization_id", "created_at"], unique=False, postgresql_where=sa.text("matched_at IS NULL")
    )
    op.create_table(
        "traffic_record",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("sender", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("purge_after", sa.Date(), nullable=False),
        sa.CheckConstraint("channel IN ('push', 'sms', 'email', 'apprise')", name=op.f("ck_traffic_record_channel")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_traffic_record_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_traffic_record")),
    )
    op.create_index("ix_traffic_record_address", "traffic_record", ["organization_id", "address"], unique=False, postgresql_where=None)
    op.create_index("ix_traffic_record_at", "traffic_record", ["organization_id", "at"], unique=False, postgresql_where=None)
    op.create_index("ix_traffic_record_purge", "traffic_record", ["organization_id", "purge_after"], unique=False, postgresql_where=None)
    op.create_table(
        "message_template_version",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("template_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_texts", sa.LargeBinary(), nullable=False),
        sa.Column("changed_by", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_id"],
            ["message_template.organization_id", "message_template.id"],
            name=op.f("fk_message_template_version_organization_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_message_template_version_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_message_template_version")),
        sa.UniqueConstraint(
            "organization_id", "template_id", "number", name=op.f("uq_message_template_version_organization_id_template_id_number")
        ),
    )
    op.create_table(
        "contact_preference",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("apprise", sa.String(length=500), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opted_out_by", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channels <@ ARRAY['push', 'sms', 'email', 'apprise']::text[] AND cardinality(channels) > 0",
            name=op.f("ck_contact_preference_channels"),
        ),
        sa.CheckConstraint("opted_out_by IN ('person', 'stop', 'link', 'manager')", name=op.f("ck_contact_preference_opted_out_by")),
        sa.CheckConstraint("(opted_out_at IS NULL) = (opted_out_by IS NULL)", name=op.f("ck_contact_preference_opted_out")),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_contact_preference_quiet_hours")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_contact_preference_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_contact_preference_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_contact_preference")),
    )
    op.create_table(
        "message",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("exercise", sa.String(length=10), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("target", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sealed_texts", sa.LargeBinary(), nullable=True),
        sa.Column("template_version_id", sa.UUID(), nullable=True),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("asks_reply", sa.Boolean(), nullable=False),
        sa.Column("late_entry", sa.Boolean(), nullable=False),
        sa.Column("in_their_zone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sender_id", sa.UUID(), nullable=True),
        sa.Column("approved_by", sa.UUID(), nullable=True),
        sa.Column("area_fence_id", sa.UUID(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True),
        sa.Column("cap_identifier", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channels <@ ARRAY['push', 'sms', 'email', 'apprise']::text[] AND cardinality(channels) > 0", name=op.f("ck_message_channels")
        ),
        sa.CheckConstraint("exercise IN ('actual', 'exercise', 'test')", name=op.f("ck_message_exercise")),
        sa.CheckConstraint("kind IN ('message', 'alert', 'notice')", name=op.f("ck_message_kind")),
        sa.CheckConstraint("severity IN ('minor', 'moderate', 'severe', 'extreme')", name=op.f("ck_message_severity")),
        sa.CheckConstraint(
            "stage IN ('draft', 'approval', 'scheduled', 'countdown', 'active', 'ended', 'cancelled', 'expired', 'refused')",
            name=op.f("ck_message_stage"),
        ),
        sa.CheckConstraint("approved_by <> sender_id", name=op.f("ck_message_second_person")),
        sa.ForeignKeyConstraint(
            ["organization_id", "approved_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_message_organization_id_approved_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "area_fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_message_organization_id_area_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "ended_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_message_organization_id_ended_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "sender_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_message_organization_id_sender_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_version_id"],
            ["message_template_version.organization_id", "message_template_version.id"],
            name=op.f("fk_message_organization_id_template_version_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_message_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_active",
        "message",
        ["organization_id", "id"],
        unique=False,
        postgresql_where=sa.text("stage IN ('scheduled', 'countdown', 'active') AND kind = 'alert'"),
    )
    op.create_index("ix_message_created", "message", ["organization_id", "created_at"], unique=False, postgresql_where=None)
    op.create_index(
        "uq_message_cap",
        "message",
        ["organization_id", "cap_identifier"],
        unique=True,
        postgresql_where=sa.text("cap_identifier IS NOT NULL"),
    )
    op.create_table(
        "push_subscription",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=True),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=50), nullable=False),
        sa.Column("browser", sa.String(length=100), server_default="", nullable=False),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_push_subscription_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_push_subscription_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("organization_id", "endpoint_hash", name=op.f("uq_push_subscription_organization_id_endpoint_hash")),
    )
    op.create_index(
        "ix_push_subscription_person", "push_subscription", ["organization_id", "person_id"], unique=False, postgresql_where=None
    )
    op.create_table(
        "staffing_rule",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("fence_id", sa.UUID(), nullable=False),
        sa.Column("at_least", sa.SmallInteger(), nullable=False),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("warns_group_id", sa.UUID(), nullable=False),
        sa.Column("below_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enough_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("at_least > 0", name=op.f("ck_staffing_rule_at_least")),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_staffing_rule_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_staffing_rule_organization_id_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "warns_group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_staffing_rule_organization_id_warns_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_staffing_rule_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_staffing_rule")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_staffing_rule_organization_id_name")),
    )
    op.create_table(
        "message_update",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("sealed_texts", sa.LargeBinary(), nullable=True),
        sa.Column("sender_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('update', 'all_clear', 'cancel')", name=op.f("ck_message_update_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_message_update_organization_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "sender_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_message_update_organization_id_sender_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_message_update_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_message_update")),
        sa.UniqueConstraint("organization_id", "message_id", "number", name=op.f("uq_message_update_organization_id_message_id_number")),
    )
    op.create_table(
        "recipient",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("guest_id", sa.UUID(), nullable=True),
        sa.Column("possibly", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("late", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reply_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reply", sa.String(length=20), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("unreachable", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("reply IN ('safe', 'need_help', 'on_my_way')", name=op.f("ck_recipient_reply")),
        sa.CheckConstraint("num_nonnulls(person_id, guest_id) = 1", name=op.f("ck_recipient_somebody")),
        sa.ForeignKeyConstraint(
            ["organization_id", "guest_id"],
            ["guest.organization_id", "guest.id"],
            name=op.f("fk_recipient_organization_id_guest_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_recipient_organization_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_recipient_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_recipient_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("organization_id", "message_id", "guest_id", name=op.f("uq_recipient_organization_id_message_id_guest_id")),
        sa.UniqueConstraint("organization_id", "message_id", "person_id", name=op.f("uq_recipient_organization_id_message_id_person_id")),
        sa.UniqueConstraint("organization_id", "reply_hash", name=op.f("uq_recipient_organization_id_reply_hash")),
    )
    op.create_index(
        "ix_recipient_guest", "recipient", ["organization_id", "guest_id"], unique=False, postgresql_where=sa.text("guest_id IS NOT NULL")
    )
    op.create_index("ix_recipient_person", "recipient", ["organization_id", "person_id", "created_at"], unique=False, postgresql_where=None)
    op.create_table(
        "delivery",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("recipient_id", sa.UUID(), nullable=False),
        sa.Column("update_number", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("subscription_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default="queued", nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.Column("provider", sa.String(length=60), nullable=True),
        sa.Column("provider_ids", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("parts", sa.SmallInteger(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("may_be_double", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('push', 'sms', 'email', 'apprise')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint(
            "status IN ('queued', 'submitting', 'retry', 'unknown', 'accepted', 'delivered', 'failed', 'expired', 'withdrawn')",
            name=op.f("ck_delivery_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_delivery_organization_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "recipient_id"],
            ["recipient.organization_id", "recipient.id"],
            name=op.f("fk_delivery_organization_id_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_delivery_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "organization_id",
            "recipient_id",
            "update_number",
            "step",
            "channel",
            "subscription_id",
            name="uq_delivery_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_delivery_message", "delivery", ["organization_id", "message_id", "recipient_id"], unique=False, postgresql_where=None
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["organization_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("status IN ('queued', 'retry', 'submitting', 'unknown')"),
    )
    op.create_table(
        "reply",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=True),
        sa.Column("recipient_id", sa.UUID(), nullable=True),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_sender", sa.LargeBinary(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('app', 'link', 'sms', 'email')", name=op.f("ck_reply_channel")),
        sa.CheckConstraint("kind IN ('safe', 'need_help', 'on_my_way', 'text', 'stop', 'start', 'unknown')", name=op.f("ck_reply_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "message_id"],
            ["message.organization_id", "message.id"],
            name=op.f("fk_reply_organization_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_reply_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "recipient_id"],
            ["recipient.organization_id", "recipient.id"],
            name=op.f("fk_reply_organization_id_recipient_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_reply_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_reply")),
    )
    op.create_index("ix_reply_message", "reply", ["organization_id", "message_id", "said_at"], unique=False, postgresql_where=None)
    op.create_index("ix_reply_recipient", "reply", ["organization_id", "recipient_id"], unique=False, postgresql_where=None)
    op.create_index("ix_reply_said", "reply", ["organization_id", "said_at"], unique=False, postgresql_where=None)
    op.add_column("people_group", sa.Column("rule", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    # ### end Alembic commands ###
    roles = context.config.attributes
    for table in TABLES:
        if table not in GLOBAL:
            wall(table)
        grant(table, roles["app_role"], roles["backup_role"], append_only=table in APPEND_ONLY)


def downgrade() -> None:
    """Drop them."""
    op.drop_column("people_group", "rule")
    op.drop_index("ix_reply_said", table_name="reply", postgresql_where=None)
    op.drop_index("ix_reply_recipient", table_name="reply", postgresql_where=None)
    op.drop_index("ix_reply_message", table_name="reply", postgresql_where=None)
    op.drop_table("reply")
    op.drop_index(
        "ix_delivery_waiting", table_name="delivery", postgresql_where=sa.text("status IN ('queued', 'retry', 'submitting', 'unknown')")
    )
    op.drop_index("ix_delivery_message", table_name="delivery", postgresql_where=None)
    op.drop_table("delivery")
    op.drop_index("ix_recipient_person", table_name="recipient", postgresql_where=None)
    op.drop_index("ix_recipient_guest", table_name="recipient", postgresql_where=sa.text("guest_id IS NOT NULL"))
    op.drop_table("recipient")
    op.drop_table("message_update")
    op.drop_table("staffing_rule")
    op.drop_index("ix_push_subscription_person", table_name="push_subscription", postgresql_where=None)
    op.drop_table("push_subscription")
    op.drop_index("uq_message_cap", table_name="message", postgresql_where=sa.text("cap_identifier IS NOT NULL"))
    op.drop_index("ix_message_created", table_name="message", postgresql_where=None)
    op.drop_index(
        "ix_message_active",
        table_name="message",
        postgresql_where=sa.text("stage IN ('scheduled', 'countdown', 'active') AND kind = 'alert'"),
    )
    op.drop_table("message")
    op.drop_table("contact_preference")
    op.drop_table("message_template_version")
    op.drop_index("ix_traffic_record_purge", table_name="traffic_record", postgresql_where=None)
    op.drop_index("ix_traffic_record_at", table_name="traffic_record", postgresql_where=None)
    op.drop_index("ix_traffic_record_address", table_name="traffic_record", postgresql_where=None)
    op.drop_table("traffic_record")
    op.drop_index("ix_receipt_waiting", table_name="receipt", postgresql_where=sa.text("matched_at IS NULL"))
    op.drop_table("receipt")
    op.drop_index(op.f("ix_provider_reference_expires_at"), table_name="provider_reference")
    op.drop_table("provider_reference")
    op.drop_index("uq_organization_key_current", table_name="organization_key", postgresql_where=sa.text("destroyed_at IS NULL"))
    op.drop_table("organization_key")
    op.drop_table("messaging_settings")
    op.drop_table("message_template")
    op.drop_table("guest")
    op.drop_table("stray_receipt")
    # ### end Alembic commands ###
