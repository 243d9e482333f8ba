"""Where compiled code is kept: a folder per state of the source, for one user alone; files whole, and checked."""

import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from sim.atomic_write import atomic_file, locked

_LOG = logging.getLogger("sim")
_TABLES = (
    "scenario/world/strategies.py",
    "scenario/policy/interventions.py",
    "schedule/levers.py",
)  # behind `world.codes`


@cache
def source_hash() -> str:
    """Hash of all that compiled code is made from: it changes with any file of the kernels, model and engines."""
    digest = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    for table in _TABLES:
        digest.update((root / table).read_bytes())
    for folder in ("kernels", "world", "model", "engine"):
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled code is kept: in the user's cache, or where that cannot be written, among the temporary files."""
    return (_of_user() or _temporary()) / source_hash()


def read(file: Path) -> bytes | None:
    """The code in a file; None if there is none or it is damaged."""
    try:
        digest, code = (whole := file.read_bytes())[:32], whole[32:]
    except OSError:
        return None
    return code if hashlib.sha256(code).digest() == digest else None


def keep(code: bytes, file: Path) -> None:
    """Write the file whole, or say why it cannot be, and say so where it is not in the user's cache."""
    try:
        with atomic_file(file) as draft:
            draft.write_bytes(hashlib.sha256(code).digest() + code)
    except OSError as error:
        _LOG.warning("compiled code cannot be kept in %s (%s), so it will be compiled again", file.parent, error)
    else:
        if _of_user() is None:
            _LOG.warning("no cache can be written (XDG_CACHE_HOME may name one); compiled code is in %s", file.parent)


@contextmanager
def one_process(folder: Path) -> Iterator[None]:
    """Wait until no other process makes code for this folder, and keep others waiting meanwhile, if it can be made."""
    with suppress(OSError):
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
    if not folder.is_dir():
        yield
        return
    with locked(folder, wait=True):
        yield


def _of_user() -> Path | None:
    """The user's cache; None if there is no home, or nothing can be written there."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regpressure"
    except RuntimeError:
        return None
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return folder if there.is_dir() and os.access(there, os.W_OK | os.X_OK) else None


@cache
def _temporary() -> Path:
    """A folder for this user alone: that of the last time, if nobody else can have written there, or a new one."""
    user = os.getuid() if os.name == "posix" else os.environ.get("USERNAME", "")
    folder = Path(tempfile.gettempdir()) / f"regpressure-{user}"
    return folder if not os.path.lexists(folder) or _private(folder) else Path(tempfile.mkdtemp(prefix="regpressure-"))


def _private(folder: Path) -> bool:
    found = folder.lstat()
    private = os.name != "posix" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)
    return private and stat.S_ISDIR(found.st_mode)
