"""Attendance over HTTP, one module for each kind of caller or thing."""
