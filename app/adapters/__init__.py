"""The world outside: each port's real side and its fake."""
