"""Files and folders that appear under their names complete and on the disk, or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

UNFINISHED = ".saving-"
"""How the names of files and folders begin that are being written."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Numbers of the errors that say that there is no space left: on the disk, of a quota, or of a limit for one file."""


@contextmanager
def atomic_folder(target: Path, check: Callable[[], object]) -> Iterator[Path]:
    """A new folder to write into, which is called `target` at the end of the block; links are followed, parents made.

    `check` raises if what has the name may not be replaced; it is called first, and last because much can happen in the
    meantime. When anything fails, an interruption included, `target` is as it was and nothing else is left.
    """
    check()
    target = target.resolve()
    made = [parent for parent in target.parents if not parent.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, because a rename needs one file system.
    temporary = target.with_name(f"{UNFINISHED}{secrets.token_hex(4)}")
    try:
        temporary.mkdir()
        with full_disk_told(target.parent):
            yield temporary
        _flush(temporary)
        check()
        _put_in_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in made:
            with suppress(OSError):  # it holds the folder
                parent.rmdir()


@contextmanager
def atomic_file(target: Path, name: Callable[[Path], str] | None = None) -> Iterator[Path]:
    """A path to write a file at, which is called `target` at the end of the block; its folder is made.

    `name` gives the file another name than that of `target`, once it is written. When anything fails `target` is as it
    was. Only a process that is killed leaves something, see `remove_unfinished`. Raises OSError when the disk is full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{UNFINISHED}{secrets.token_hex(4)}")
    try:
        with full_disk_told(target.parent):
            yield temporary
        _sync(temporary)
        os.replace(temporary, target if name is None else target.with_name(name(temporary)))
        _sync(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(file: Path, text: str) -> None:
    """Write a text as a file of UTF-8 that is there whole or not at all. Raises OSError when the disk is full."""
    with atomic_file(file) as path:
        path.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def full_disk_told(folder: Path) -> Iterator[None]:
    """Raise OSError for a disk that is full, which libraries that write files call other names."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) or (error.errno or 0) <= 0:  # a number of the library's own, or none
            _write_probe(folder)
        elif error.errno in FULL and error.filename is None:
            error.filename = str(folder)
        raise


def _write_probe(folder: Path) -> None:
    """Write and remove a file of a megabyte. Raises OSError, with the name of the folder, when that is not possible."""
    try:
        with TemporaryFile(dir=folder, prefix=UNFINISHED) as file:
            file.write(bytes(1_000_000))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        error.filename = str(folder)
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove the files of a folder that processes had begun to write when they were killed."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if path.is_symlink() or not path.is_dir():
            path.unlink()


@contextmanager
def locked(folder: Path, wait: bool = False) -> Iterator[None]:
    """Lock a folder for this process, so that no two write to it; the system unlocks it when the process ends.

    While another process has it, wait, or else raise BlockingIOError. Where folders cannot be locked, nothing is.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # a network disk without locks
            pass
        yield
    finally:
        os.close(descriptor)


def _put_in_place(temporary: Path, target: Path) -> None:
    """Give the folder its final name. One that has the name is put aside first, and back if that fails."""
    old = temporary.with_suffix(".old")
    try:
        if target.exists():
            os.rename(target, old)
        os.rename(temporary, target)
    finally:
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        elif old.exists():
            os.rename(old, target)
    _sync(target.parent)


def _flush(folder: Path) -> None:
    """Wait until a folder and all in it are on the disk: no crash leaves a name without its content."""
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return  # only POSIX opens directories
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
