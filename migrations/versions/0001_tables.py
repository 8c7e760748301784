"""The tables of the trunk."""

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "organization",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("billing_address", sa.Text(), nullable=False),
        sa.Column("telephone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("timezone", sa.String(length=64), server_default="Europe/Amsterdam", nullable=False),
        sa.Column("locale", sa.String(length=2), server_default="nl", nullable=False),
        sa.Column("kiosk_asks_pin", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("locale IN ('nl', 'en')", name=op.f("ck_organization_locale")),
        sa.CheckConstraint("slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'", name=op.f("ck_organization_slug")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("slug", name=op.f("uq_organization_slug")),
    )
    op.create_table(
        "sign_in_delay",
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_in_delay")),
    )
    op.create_index(op.f("ix_sign_in_delay_forget_at"), "sign_in_delay", ["forget_at"], unique=False)
    op.create_table(
        "statement_version",
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("traffic_months", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("version", "locale", name=op.f("pk_statement_version")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("sign_in_name", sa.String(length=130), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("operator", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email")),
        sa.CheckConstraint("sign_in_name = lower(sign_in_name)", name=op.f("ck_user_account_sign_in_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_user_account_sign_in_name")),
    )
    op.create_table(
        "credential",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_credential_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_credential")),
    )
    op.create_index(op.f("ix_credential_expires_at"), "credential", ["expires_at"], unique=False)
    op.create_table(
        "fence_set",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_fence_set_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_fence_set")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.UUID(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_idempotency_key_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "actor_id", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "instruction",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("signed_role", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("legal_basis", sa.String(length=30), nullable=False),
        sa.Column("dpia_reference", sa.String(length=200), nullable=True),
        sa.Column("works_council_reference", sa.String(length=200), nullable=True),
        sa.Column("notice_version", sa.String(length=20), nullable=False),
        sa.Column("alternatives", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("evaluation", sa.String(length=10), server_default="on_server", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "alternatives <@ ARRAY['button', 'kiosk', 'qr', 'manager']::text[] AND cardinality(alternatives) > 0",
            name=op.f("ck_instruction_alternatives"),
        ),
        sa.CheckConstraint("evaluation IN ('on_server', 'on_device')", name=op.f("ck_instruction_evaluation")),
        sa.CheckConstraint(
            "legal_basis IN ('legitimate_interest', 'legal_obligation', 'contract', 'vital_interest', 'public_task', 'consent')",
            name=op.f("ck_instruction_legal_basis"),
        ),
        sa.CheckConstraint(
            "purposes <@ ARRAY['attendance', 'safety']::text[] AND cardinality(purposes) > 0", name=op.f("ck_instruction_purposes")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_instruction_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_instruction")),
    )
    op.create_index(
        "uq_instruction_current", "instruction", ["organization_id"], unique=True, postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.create_table(
        "live_event",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), server_default=sa.text("(pg_current_xact_id()::text)::bigint"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_live_event_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_live_event")),
    )
    op.create_index("ix_live_event_transaction", "live_event", ["organization_id", "transaction_id"], unique=False, postgresql_where=None)
    op.create_table(
        "organization_module",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("module", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "module IN ('attendance', 'geofence', 'messages', 'alerts', 'visitors', 'calls')", name=op.f("ck_organization_module_module")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_module_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "module", name=op.f("pk_organization_module")),
    )
    op.create_table(
        "outbox",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_outbox_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_due", "outbox", ["organization_id", "due_at"], unique=False, postgresql_where=sa.text("dead_at IS NULL"))
    op.create_table(
        "people_group",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_people_group_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_people_group")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_people_group_organization_id_name")),
    )
    op.create_table(
        "refusal_count",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_refusal_count_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "day", "reason", "slot", name=op.f("pk_refusal_count")),
    )
    op.create_table(
        "sighting",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.UUID(), nullable=False),
        sa.Column("ping_id", sa.String(length=64), nullable=False),
        sa.Column("inside", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("unclear", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("accuracy_class_m", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("mocked", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "recorded_at", "device_id", "ping_id", name=op.f("pk_sighting")),
        postgresql_partition_by="RANGE (recorded_at)",
    )
    op.create_table(
        "site",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_site_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_site")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_site_organization_id_name")),
    )
    op.create_table(
        "statement_acceptance",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("accepted_by", sa.String(length=200), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_statement_acceptance_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version", "locale"],
            ["statement_version.version", "statement_version.locale"],
            name=op.f("fk_statement_acceptance_version_locale"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_statement_acceptance")),
    )
    op.create_table(
        "user_organization",
        sa.Column("user_account_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_user_organization_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_account_id"], ["user_account.id"], name=op.f("fk_user_organization_user_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_account_id", "organization_id", name=op.f("pk_user_organization")),
    )
    op.create_table(
        "user_session",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("public_id", sa.UUID(), nullable=False),
        sa.Column("user_account_id", sa.UUID(), nullable=False),
        sa.Column("organization_id", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser", sa.String(length=200), server_default="", nullable=False),
        sa.Column("address_prefix", sa.String(length=50), server_default="", nullable=False),
        sa.Column("shared_computer", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_user_session_organization_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_account_id"], ["user_account.id"], name=op.f("fk_user_session_user_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
    )
    op.create_index(op.f("ix_user_session_user_account_id"), "user_session", ["user_account_id"], unique=False)
    op.create_table(
        "geofence",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_geofence_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_geofence_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_geofence")),
        sa.UniqueConstraint("organization_id", "number", name=op.f("uq_geofence_organization_id_number")),
    )
    op.create_table(
        "person",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("telephone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("employee_number", sa.String(length=50), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=True),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("name IS NOT NULL OR telephone IS NOT NULL", name=op.f("ck_person_reachable")),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_person_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_person_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("organization_id", "employee_number", name=op.f("uq_person_organization_id_employee_number")),
    )
    op.create_index("ix_person_name", "person", ["organization_id", "name"], unique=False, postgresql_where=None)
    op.create_table(
        "approval",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("group_id", sa.UUID(), nullable=True),
        sa.Column("despite_questions", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("done_until", sa.UUID(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("people_done", sa.Integer(), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("approved_before", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status IN ('running', 'done', 'failed')", name=op.f("ck_approval_status")),
        sa.ForeignKeyConstraint(
            ["organization_id", "requested_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_approval_organization_id_requested_by"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_approval_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_approval")),
    )
    op.create_table(
        "attendance_state",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("state", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fences_told", sa.String(length=60), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_attendance_state_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_attendance_state_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_attendance_state")),
        postgresql_with={"fillfactor": "60"},
    )
    op.create_table(
        "checkpoint",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_checkpoint_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_checkpoint_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "at", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "correction",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("change", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.UUID(), nullable=True),
        sa.Column("status", sa.String(length=10), server_default="proposed", nullable=False),
        sa.Column("decided_by", sa.UUID(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source IN ('person', 'manager', 'late_data', 'question')", name=op.f("ck_correction_source")),
        sa.CheckConstraint("status IN ('proposed', 'approved', 'refused', 'withdrawn')", name=op.f("ck_correction_status")),
        sa.ForeignKeyConstraint(
            ["organization_id", "decided_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_correction_organization_id_decided_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_correction_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "proposed_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_correction_organization_id_proposed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_correction_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_day", "correction", ["organization_id", "person_id", "worked_on"], unique=False, postgresql_where=None)
    op.create_index(
        "ix_correction_open", "correction", ["organization_id", "status"], unique=False, postgresql_where=sa.text("status = 'proposed'")
    )
    op.create_table(
        "crossing",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("fence_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("told_to", sa.String(length=6), server_default="all", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('enter', 'leave')", name=op.f("ck_crossing_kind")),
        sa.CheckConstraint("told_to IN ('all', 'person', 'others')", name=op.f("ck_crossing_told_to")),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_crossing_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_crossing_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_crossing_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_crossing")),
    )
    op.create_index("ix_crossing_decided", "crossing", ["organization_id", "decided_at"], unique=False, postgresql_where=None)
    op.create_index("ix_crossing_person", "crossing", ["organization_id", "person_id", "at"], unique=False, postgresql_where=None)
    op.create_table(
        "device",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("payload_key", sa.LargeBinary(), nullable=True),
        sa.Column("health", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'phone') = (person_id IS NOT NULL) AND (kind = 'kiosk') = (site_id IS NOT NULL)", name=op.f("ck_device_holder")
        ),
        sa.CheckConstraint("client IN ('native', 'owntracks', 'traccar')", name=op.f("ck_device_client")),
        sa.CheckConstraint("kind IN ('phone', 'kiosk')", name=op.f("ck_device_kind")),
        sa.CheckConstraint(
            "scopes <@ ARRAY['pings', 'punches', 'kiosk', 'visitors']::text[] AND cardinality(scopes) > 0", name=op.f("ck_device_scopes")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_device_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_device_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_device_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_device")),
        sa.UniqueConstraint("organization_id", "token_hash", name=op.f("uq_device_organization_id_token_hash")),
    )
    op.create_index("ix_device_person", "device", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    op.create_table(
        "enrolment",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_enrolment_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_enrolment_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_enrolment_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("organization_id", "code_hash", name=op.f("uq_enrolment_organization_id_code_hash")),
    )
    op.create_table(
        "export",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("requested_by", sa.UUID(), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("parameters", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("format IN ('csv', 'xlsx', 'ical', 'json')", name=op.f("ck_export_format")),
        sa.ForeignKeyConstraint(
            ["organization_id", "requested_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_export_organization_id_requested_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_export_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_export")),
    )
    op.create_table(
        "gate",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_gate_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_gate_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_gate")),
    )
    op.create_table(
        "geofence_assignment",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("fence_id", sa.UUID(), nullable=False),
        sa.Column("group_id", sa.UUID(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_geofence_assignment_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_geofence_assignment_organization_id_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_geofence_assignment_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_geofence_assignment")),
    )
    op.create_index(
        "ix_geofence_assignment_fence", "geofence_assignment", ["organization_id", "fence_id"], unique=False, postgresql_where=None
    )
    op.create_table(
        "geofence_version",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("fence_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("geometry", geoalchemy2.types.Geometry(srid=4326, dimension=2, spatial_index=False, name="geometry"), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("policy", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("counts_as_work", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("changed_by", sa.UUID(), nullable=True),
        sa.Column("ended_by", sa.UUID(), nullable=True),
        sa.Column("change", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(radius_m IS NULL) = (GeometryType(geometry) <> 'POINT') AND (radius_m > 0 OR radius_m IS NULL)",
            name=op.f("ck_geofence_version_shape"),
        ),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_geofence_version_validity")),
        sa.ForeignKeyConstraint(
            ["organization_id", "changed_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_geofence_version_organization_id_changed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "ended_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_geofence_version_organization_id_ended_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_geofence_version_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_geofence_version_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_geofence_version")),
        sa.UniqueConstraint("organization_id", "fence_id", "version", name=op.f("uq_geofence_version_organization_id_fence_id_version")),
    )
    op.create_index("ix_geofence_version_geometry", "geofence_version", ["geometry"], unique=False, postgresql_using="gist")
    op.create_index(
        "uq_geofence_version_current",
        "geofence_version",
        ["organization_id", "fence_id"],
        unique=True,
        postgresql_where=sa.text("valid_until IS NULL"),
    )
    op.create_table(
        "group_member",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("group_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_group_member_organization_id_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_group_member_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_group_member_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_group_member")),
    )
    op.create_index("ix_group_member_person", "group_member", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    op.create_index(
        "uq_group_member_current",
        "group_member",
        ["organization_id", "group_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("valid_until IS NULL"),
    )
    op.create_table(
        "kiosk_pass",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("code_number", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("code_number > 0", name=op.f("ck_kiosk_pass_code_number")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_kiosk_pass_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_kiosk_pass_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_kiosk_pass")),
    )
    op.create_table(
        "member",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("user_account_id", sa.UUID(), nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "roles <@ ARRAY['owner', 'manager', 'sender', 'responder', 'reception', 'employee', 'privacy_officer']::text[] AND cardinality(roles) > 0",
            name=op.f("ck_member_roles"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_member_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_member_organization_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_account_id"], ["user_account.id"], name=op.f("fk_member_user_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_member")),
    )
    op.create_index(
        "uq_member_account", "member", ["organization_id", "user_account_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index(
        "uq_member_person", "member", ["organization_id", "person_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "organization_policy",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("changed_by", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "changed_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_organization_policy_organization_id_changed_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_organization_policy_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_organization_policy")),
    )
    op.create_index(
        "uq_organization_policy_current",
        "organization_policy",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("valid_until IS NULL"),
    )
    op.create_table(
        "presence_view",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("viewer_id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_presence_view_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "viewer_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_presence_view_organization_id_viewer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_presence_view_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_presence_view")),
        sa.UniqueConstraint(
            "organization_id", "viewer_id", "session_id", "person_id", name="uq_presence_view", postgresql_nulls_not_distinct=True
        ),
    )
    op.create_index("ix_presence_view_person", "presence_view", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    op.create_table(
        "shift",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("group_id", sa.UUID(), nullable=True),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("break_minutes", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_shift_holder")),
        sa.CheckConstraint("break_minutes BETWEEN 0 AND 720", name=op.f("ck_shift_break_minutes")),
        sa.CheckConstraint(
            "weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekdays) > 0", name=op.f("ck_shift_weekdays")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_shift_organization_id_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_shift_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_shift_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_shift_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_group", "shift", ["organization_id", "group_id"], unique=False, postgresql_where=None)
    op.create_index("ix_shift_person", "shift", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    op.create_table(
        "stay",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("fence_id", sa.UUID(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=10), nullable=True),
        sa.Column("cut", sa.String(length=30), nullable=True),
        sa.Column("last_inside_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_to", sa.String(length=6), server_default="all", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "ended IN ('confirmed', 'assumed', 'manual') AND (ended IS NULL) = (left_at IS NULL)", name=op.f("ck_stay_ended")
        ),
        sa.CheckConstraint("told_to IN ('all', 'person', 'others')", name=op.f("ck_stay_told_to")),
        sa.CheckConstraint("left_at >= entered_at", name=op.f("ck_stay_order")),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_stay_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_stay_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_stay_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_stay")),
    )
    op.create_index(
        "ix_stay_assumed",
        "stay",
        ["organization_id", "last_inside_at"],
        unique=False,
        postgresql_where=sa.text("ended = 'assumed' AND withdrawn_at IS NULL"),
    )
    op.create_index("ix_stay_person", "stay", ["organization_id", "person_id", "entered_at"], unique=False, postgresql_where=None)
    op.create_index(
        "uq_stay_open",
        "stay",
        ["organization_id", "fence_id", "person_id", "told_to"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "switch_event",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device_id", sa.UUID(), nullable=True),
        sa.Column("notice_version", sa.String(length=20), nullable=True),
        sa.Column("notice_sha256", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('on', 'off', 'pause', 'resume', 'device', 'notice')", name=op.f("ck_switch_event_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_switch_event_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_switch_event_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_switch_event")),
    )
    op.create_index("ix_switch_event_person", "switch_event", ["organization_id", "person_id", "at"], unique=False, postgresql_where=None)
    op.create_table(
        "workday",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("result", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.UUID(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "approved_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_workday_organization_id_approved_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_workday_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_workday_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "person_id", "worked_on", name=op.f("pk_workday")),
    )
    op.create_index("ix_workday_date", "workday", ["organization_id", "worked_on"], unique=False, postgresql_where=None)
    op.create_table(
        "working_window",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=True),
        sa.Column("group_id", sa.UUID(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_working_window_holder")),
        sa.CheckConstraint(
            "weekdays <@ ARRAY[1, 2, 3, 4, 5, 6, 7]::smallint[] AND cardinality(weekdays) > 0", name=op.f("ck_working_window_weekdays")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["people_group.organization_id", "people_group.id"],
            name=op.f("fk_working_window_organization_id_group_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_working_window_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_working_window_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_working_window")),
    )
    op.create_index("ix_working_window_group", "working_window", ["organization_id", "group_id"], unique=False, postgresql_where=None)
    op.create_index("ix_working_window_person", "working_window", ["organization_id", "person_id"], unique=False, postgresql_where=None)
    op.create_table(
        "punch",
        sa.Column("organization_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.String(length=3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("site_id", sa.UUID(), nullable=True),
        sa.Column("fence_id", sa.UUID(), nullable=True),
        sa.Column("device_id", sa.UUID(), nullable=True),
        sa.Column("made_by", sa.UUID(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_punch_kind")),
        sa.CheckConstraint("method IN ('button', 'kiosk', 'qr', 'manager')", name=op.f("ck_punch_method")),
        sa.ForeignKeyConstraint(
            ["organization_id", "device_id"],
            ["device.organization_id", "device.id"],
            name=op.f("fk_punch_organization_id_device_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "fence_id"],
            ["geofence.organization_id", "geofence.id"],
            name=op.f("fk_punch_organization_id_fence_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "made_by"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_punch_organization_id_made_by"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "person_id"],
            ["person.organization_id", "person.id"],
            name=op.f("fk_punch_organization_id_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "site_id"],
            ["site.organization_id", "site.id"],
            name=op.f("fk_punch_organization_id_site_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_punch_organization_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("pk_punch")),
    )
    op.create_index("ix_punch_person", "punch", ["organization_id", "person_id", "at"], unique=False, postgresql_where=None)
    op.create_index(
        "uq_punch_client",
        "punch",
        ["organization_id", "person_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    # ### end Alembic commands ###


def downgrade() -> None:
    """Drop them all."""
    op.drop_table("punch")
    op.drop_table("working_window")
    op.drop_table("workday")
    op.drop_table("switch_event")
    op.drop_table("stay")
    op.drop_table("shift")
    op.drop_table("presence_view")
    op.drop_table("organization_policy")
    op.drop_table("member")
    op.drop_table("kiosk_pass")
    op.drop_table("group_member")
    op.drop_table("geofence_version")
    op.drop_table("geofence_assignment")
    op.drop_table("gate")
    op.drop_table("export")
    op.drop_table("enrolment")
    op.drop_table("device")
    op.drop_table("crossing")
    op.drop_table("correction")
    op.drop_table("checkpoint")
    op.drop_table("attendance_state")
    op.drop_table("approval")
    op.drop_table("person")
    op.drop_table("geofence")
    op.drop_table("user_session")
    op.drop_table("user_organization")
    op.drop_table("statement_acceptance")
    op.drop_table("site")
    op.drop_table("sighting")
    op.drop_table("refusal_count")
    op.drop_table("people_group")
    op.drop_table("outbox")
    op.drop_table("organization_module")
    op.drop_table("live_event")
    op.drop_table("instruction")
    op.drop_table("idempotency_key")
    op.drop_table("fence_set")
    op.drop_table("credential")
    op.drop_table("user_account")
    op.drop_table("statement_version")
    op.drop_table("sign_in_delay")
    op.drop_table("organization")
