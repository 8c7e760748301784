"""SQL of geofences. Hot statements are plain psycopg."""

from typing import Any, Final

import psycopg

Connection = psycopg.Connection[Any]

FENCE_SET: Final = "SELECT version FROM fence_set WHERE organization_id = %(organization_id)s"
VERSIONS_SINCE: Final = """
SELECT fence_id, valid_from, valid_until, ST_AsEWKB(geometry), radius_m, policy, counts_as_work FROM geofence_version
WHERE organization_id = %(organization_id)s AND (valid_until IS NULL OR valid_until > %(since)s)
"""
ASSIGNMENTS_SINCE: Final = """
SELECT fence_id, group_id, valid_from, valid_until FROM geofence_assignment
WHERE organization_id = %(organization_id)s AND (valid_until IS NULL OR valid_until > %(since)s)
"""
POLICIES: Final = """
SELECT valid_from, valid_until, policy FROM organization_policy WHERE organization_id = %(organization_id)s ORDER BY valid_from
"""
LABELS: Final = """
SELECT f.id, f.number, v.name FROM geofence f JOIN geofence_version v ON v.organization_id = f.organization_id AND v.fence_id = f.id
WHERE f.organization_id = %(organization_id)s AND v.valid_until IS NULL ORDER BY f.number
"""
