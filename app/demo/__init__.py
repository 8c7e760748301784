"""A demo organization on a working day.

1. `cast` and `places` say who and where: plain data, invented. `plan` makes a day of it: every fix of every phone, and what goes wrong; pure.
2. `seed` makes the organizations through the services, once, and `notes` keeps in var/demo.json what it takes to speak for them again.
3. `play` sends a day: through the HTTP API where nothing forbids it, else through the services with their `now` set back.
4. `seen` reads back what the product made of it, `screen` shows it, `command` puts it all together beside `muster serve`.
"""
