"""A private PostgreSQL with PostGIS and a private Redis, for the demo, the tests and small installations.

How it works:

1. `place` decides who runs the servers and where their files live. They never run as root.
2. `vault` makes the passwords and the secret key once and keeps them in var/secrets.json.
3. `postgres` and `redis` lay out one server each: files, settings, the command that starts it, the question "do you answer?".
4. `server` starts such a layout or takes over what already runs there, also after a crash, and stops it by process id.
5. `services` puts the two together. Whoever uses them holds a shared lock; the last one to leave stops the servers.
6. `provision` makes the roles and the database in any PostgreSQL, private or given.

A cluster or a Redis that was on the machine before is never touched: data directories, sockets and ports are our own.
"""
