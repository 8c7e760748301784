"""Zip files without their dangers: bounded in entries and unpacked bytes, read into memory only, names never used as paths."""

import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from app.geofences.formats.draft import FileRefused

MAX_ENTRIES: Final = 1_000
MAX_UNPACKED_BYTES: Final = 20 * 2**20
ENTRY_MARK: Final = b"PK\x01\x02"
READABLE: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
PACK_AGAIN: Final = "Pack only the needed files into a plain zip and try again."


def unpacked(data: bytes, endings: Collection[str]) -> dict[PurePosixPath, bytes]:
    """The entries whose names end so (lower case, with dot), in the archive's order. Raises `FileRefused`."""
    if data.count(ENTRY_MARK) > MAX_ENTRIES:  # before zipfile builds an object for each
        raise FileRefused("too_many", f"The archive has more than {MAX_ENTRIES} entries.", PACK_AGAIN)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, endings)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise FileRefused("not_zip", "The archive cannot be unpacked: it is damaged, encrypted or not a zip.", PACK_AGAIN) from None


def _read(archive: zipfile.ZipFile, endings: Collection[str]) -> dict[PurePosixPath, bytes]:
    names = [entry.filename for entry in archive.infolist()]
    if len(set(names)) < len(names) or not all(map(_is_plain, names)):
        raise FileRefused("bad_names", "The archive has entries whose names repeat or lead out of it.", PACK_AGAIN)
    left, contents = MAX_UNPACKED_BYTES, {}
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        if path.suffix.lower() not in endings or path.parts[0] == "__MACOSX":
            continue
        if entry.compress_type not in READABLE:
            raise FileRefused("not_zip", "The archive uses an unusual compression.", PACK_AGAIN)
        with archive.open(entry) as file:
            content = file.read(left + 1)  # the size an entry declares may be a lie
        left -= len(content)
        if left < 0:
            raise FileRefused("too_large", f"The archive unpacks to more than {MAX_UNPACKED_BYTES // 2**20} MiB.", PACK_AGAIN)
        contents[path] = content
    return contents


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not set(name) & set("\\:\0")
