"""The attendance domain."""
