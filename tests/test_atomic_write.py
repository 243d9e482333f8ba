"""Files and folders appear under their names whole or not at all, and nothing else is left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sim import atomic_write
from sim.atomic_write import UNFINISHED, atomic_file, atomic_folder, locked, remove_unfinished


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def nothing() -> None:
    """Whatever is there may be replaced."""


def test_a_folder_is_whole_or_absent(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder"
    with pytest.raises(FileExistsError), atomic_folder(target, nothing) as folder:  # noqa: PT012 - the block is the point
        (folder / "inner").mkdir()
        (folder / "inner").mkdir()
    assert names(tmp_path) == []

    for text in ("first", "second"):
        with atomic_folder(target, nothing) as folder:
            (folder / "inner").mkdir()
            (folder / "inner" / text).touch()
        assert names(target / "inner") == [text]
    assert names(target.parent) == ["folder"]


def test_all_that_is_in_a_folder_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = atomic_write._sync

    def noted(path: Path) -> None:
        synced.append(path.name)
        sync(path)

    monkeypatch.setattr(atomic_write, "_sync", noted)
    with atomic_folder(tmp_path / "folder", nothing) as folder:
        (folder / "inner").mkdir()
        (folder / "inner" / "figure").touch()
        temporary = folder.name
    assert sorted(synced) == sorted(["figure", "inner", temporary, tmp_path.name])


def test_what_may_not_be_replaced_is_refused_before_the_work_and_after_it(tmp_path: Path) -> None:
    target = tmp_path / "folder"

    def check() -> None:
        if target.exists():
            raise FileExistsError

    with pytest.raises(FileExistsError), atomic_folder(target, check):
        target.mkdir()
    assert names(tmp_path) == ["folder"]
    with pytest.raises(FileExistsError), atomic_folder(target, check):
        pytest.fail("the block is not reached")


def test_a_link_to_a_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder", target_is_directory=True)
    with atomic_folder(tmp_path / "link", nothing) as folder:
        (folder / "file").touch()
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "folder") == ["file"]
    assert names(tmp_path) == ["folder", "link"]


def test_a_file_is_as_it_was_if_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file.txt"
    with atomic_file(file) as path:
        path.write_text("old")
    with pytest.raises(ValueError, match="half way"), atomic_file(file) as path:  # noqa: PT012 - the block is the point
        path.write_text("half")
        raise ValueError("half way")
    assert file.read_text() == "old"
    assert names(file.parent) == ["file.txt"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_file_may_be_read_by_whoever_may_read_a_usual_one(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic_file(tmp_path / "file") as path:
        path.write_text("text")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"{UNFINISHED}abcd").touch()
    (tmp_path / "file").touch()
    remove_unfinished(tmp_path)
    assert names(tmp_path) == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked")
def test_a_folder_is_locked_until_the_block_ends(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(BlockingIOError), locked(tmp_path):
        pytest.fail("the block is not reached")
    with locked(tmp_path):
        pass
