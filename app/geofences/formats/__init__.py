"""Geofences from files and to files. Pure: bytes in, drafts out; nothing is created here.

1. `read.preview` picks a reader by the file name's ending. A reader turns bytes into `Feature`s: a name, and a promise to draw the shape.
   What is wrong with the whole file (not readable, too large, unknown) ends the reading: `FileRefused`, which says what to do.
2. Each feature is drawn by itself. What is wrong with one raises `Flaw` and becomes that draft's problems; the others are not touched.
3. Every polygon, whatever the format, goes through `area.area_of`: positions checked, rings closed, unrolled over the antimeridian,
   tested for self-intersection, then cut at the antimeridian. A repaired shape is offered beside the problem, never taken silently.
4. `export` writes what `preview` can read back.

No parser here opens a file, a socket or an entity. Every size is bounded before work begins (caps in `draft`, `archive` and `markup`).
"""
