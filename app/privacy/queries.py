"""Every SQL statement of privacy."""

from typing import Final

GATE: Final = """
SELECT i.purposes, i.signed_at, i.withdrawn_at, g.body FROM instruction i
LEFT JOIN gate g ON g.organization_id = i.organization_id AND g.person_id = {person}
WHERE i.organization_id = %(organization_id)s
"""
"""The instructions of the organization, each with the person's gate. No instruction, no rows."""
COUNT_REFUSAL: Final = """
INSERT INTO refusal_count (organization_id, day, reason, slot, count) VALUES (%(organization_id)s, %(day)s, %(reason)s, %(slot)s, %(count)s)
ON CONFLICT (organization_id, day, reason, slot) DO UPDATE SET count = refusal_count.count + EXCLUDED.count
"""
