"""What phones say, made into pings: wire format -> `core.fix.Ping`, and answers -> wire format.

`native` is our own format and is strict: every bad ping is answered with its reason. `owntracks` and `traccar` read other people's apps,
which retry or drop on an error status; so reading them never raises, and what was wrong is returned as a `Fault` to be counted.
Nothing here logs, and no message or repr holds a coordinate: faults name the field, never the value.
"""
