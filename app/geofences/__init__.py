"""The geofences domain."""
