"""The files of a directory or an archive, read in place: nothing is unpacked to a disk, no link is followed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedIOBase, RawIOBase
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from ..errors import InputError
from ..evidence import instant, written

MIB: Final = 1024 * 1024
LARGEST: Final = 64 * MIB
MOST_UNPACKED: Final = 1024 * MIB
MOST_FILES: Final = 50_000
ARCHIVES: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".zip")
DAMAGED: Final = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
CUTS: Final[dict[bytes, Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


@dataclass(frozen=True, slots=True)
class File:
    """One file, or why it is not read."""

    path: str  # below the source
    raw: bytes
    at: datetime
    refused: str = ""


def moment(seconds: float) -> datetime:
    """A time of a file, as exact as a record keeps it: else a file would be later than its own answer on record."""
    return instant(written(datetime.fromtimestamp(seconds, UTC)))


class TooMuch(InputError):
    """An archive that unpacks to more than anybody collects."""


def contents(source: Path) -> Iterator[File]:
    """Every file of a directory, an archive or a file, in the order of their names or of the archive."""
    try:
        mode = source.stat().st_mode
    except OSError as gone:
        raise InputError(f"{source}: cannot be read: {gone.strerror}") from None
    if stat.S_ISDIR(mode):
        found = _directory(source)
    elif not stat.S_ISREG(mode):
        raise InputError(f"{source}: expected a directory, a file or an archive; it is none of these")
    elif source.name.lower().endswith(".zip"):
        found = _zip(source)
    elif source.name.lower().endswith(ARCHIVES):
        found = _tar(source)
    else:
        found = iter([_file(source, source.name)])
    for number, file in enumerate(found):
        if number >= MOST_FILES:
            yield File(file.path, b"", file.at, f"more than {MOST_FILES} files: this one and the rest are not read")
            return
        yield file


def readable(path: str) -> str:
    """A path as a line of a report has it."""
    return "".join(letter if letter.isprintable() else "?" for letter in path)


def _directory(source: Path) -> Iterator[File]:
    for folder, folders, names in os.walk(source):
        folders.sort()
        for name in sorted([*names, *(link for link in folders if (Path(folder) / link).is_symlink())]):
            path = Path(folder) / name
            yield _file(path, readable(path.relative_to(source).as_posix()))


def _file(path: Path, label: str) -> File:
    """One file of a directory; one that is compressed is read as what is in it."""
    try:
        about = path.lstat()
        at = moment(about.st_mtime)
        mode = about.st_mode
        if why := _refusal(label, about.st_size, link=stat.S_ISLNK(mode), plain=stat.S_ISREG(mode)):
            return File(label, b"", at, why)
        return _unzipped(File(label, path.read_bytes(), at))
    except OSError as wrong:
        return File(label, b"", moment(0), f"cannot be read: {wrong.strerror}")


def _unzipped(file: File) -> File:
    if not file.path.lower().endswith(".gz") or not file.raw.startswith(b"\x1f\x8b"):
        return file
    unpack = zlib.decompressobj(wbits=31)
    try:
        raw = unpack.decompress(file.raw, LARGEST)
    except zlib.error as bad:
        return File(file.path, b"", file.at, f"damaged: {bad}")
    if unpack.unconsumed_tail:
        return File(file.path, b"", file.at, f"unpacks to more than {LARGEST // MIB} MiB")
    if not unpack.eof:
        return File(file.path, b"", file.at, "damaged: it ends too early")
    return File(file.path, raw, file.at)


def _refusal(label: str, size: int, *, link: bool, plain: bool = True, most: int = LARGEST) -> str:
    """Why something is not read, by what is known of it before."""
    if link:
        return "a link, which is not followed"
    if not plain:
        return "not a file"
    if label.lower().endswith(ARCHIVES):
        return "an archive within: import it by itself"
    return f"{size // MIB} MiB, more than the {LARGEST // MIB} MiB that are read of a file" if size > most else ""


def _outside(name: str) -> str:
    """Why a member of an archive is not read, by its path."""
    path = PurePosixPath(name.replace("\\", "/"))
    leads_out = path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")
    return "a path that leads out of the archive" if leads_out else ""


class Bounded(RawIOBase):
    """A stream that ends in TooMuch."""

    def __init__(self, stream: IO[bytes] | BufferedIOBase) -> None:
        self._stream, self._left = stream, MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        raw = self._stream.read(size if 0 <= size <= LARGEST else LARGEST)
        self._left -= len(raw)
        if self._left < 0:
            raise TooMuch(f"unpacks to more than {MOST_UNPACKED // MIB} MiB")
        return raw


@contextmanager
def _unpacked(source: Path) -> Iterator[IO[bytes]]:
    with source.open("rb") as raw:
        start = raw.read(6)
        raw.seek(0)
        opener = next((opener for magic, opener in CUTS.items() if start.startswith(magic)), None)
        yield cast(IO[bytes], Bounded(opener(raw) if opener else raw))


def _tar(source: Path) -> Iterator[File]:
    at = moment(source.stat().st_mtime)
    try:
        with _unpacked(source) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                if not member.isdir():
                    at = _moment(member.mtime)
                    yield _member(archive, member, at)
    except TooMuch as bomb:
        yield File(source.name, b"", at, f"{bomb}; what came before is read")
    except DAMAGED as bad:
        yield File(source.name, b"", at, f"the archive is damaged or cut short: {bad}; what came before is read")


def _moment(seconds: float) -> datetime:
    try:
        return moment(seconds)
    except (ValueError, OverflowError, OSError):
        return moment(0)


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, at: datetime) -> File:
    label = readable(member.name)
    link, plain = member.issym() or member.islnk(), member.isfile() and not member.issparse()
    if why := _outside(member.name) or _refusal(label, member.size, link=link, plain=plain):
        return File(label, b"", at, why)
    stream = archive.extractfile(member)
    return _unzipped(File(label, stream.read() if stream else b"", at))


def _zip(source: Path) -> Iterator[File]:
    at = moment(source.stat().st_mtime)
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(source) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    file = _zipped(archive, info, left)
                    left -= len(file.raw)
                    yield file
    except DAMAGED as bad:
        yield File(source.name, b"", at, f"the archive is damaged or cut short: {bad}; what came before is read")


def _zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> File:
    """A member of a zip; such an archive names no zone for its times, so they count as UTC."""
    label = readable(info.filename)
    try:
        at = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        at = moment(0)
    link = stat.S_ISLNK(info.external_attr >> 16)
    if why := _outside(info.filename) or _refusal(label, info.file_size, link=link, most=min(LARGEST, left)):
        return File(label, b"", at, why)
    if info.flag_bits & 1:
        return File(label, b"", at, "encrypted")
    try:
        with archive.open(info) as stream:
            raw = stream.read(LARGEST + 1)
    except (*DAMAGED, NotImplementedError) as bad:
        return File(label, b"", at, f"damaged: {bad}")
    return _unzipped(File(label, raw, at))
