"""A study on disk: parts as they arrive, each file whole or not at all; the same bytes however it was interrupted."""

from __future__ import annotations

from sim.study.work import Part, Work


class Store:
    """To be written."""

    def read(self, work: Work) -> Part | None:
        """The part that this piece of work gave, if it is there."""
        raise NotImplementedError

    def write(self, part: Part) -> None:
        """Keep a part."""
        raise NotImplementedError
