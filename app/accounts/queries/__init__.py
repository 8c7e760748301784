"""The SQL of accounts. Every query on an organization's table names the organization, although row-level security stands behind it."""
