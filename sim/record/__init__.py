"""What came out of a run: labelled data, journal, decision records, summary measures, and their folder."""

from sim.record.folder import FolderError, RunFolderError, open_run, read_manifest, save
from sim.record.manifest import differences, same_results
from sim.record.measures import MEASURES, Measure, measure
from sim.record.run import Run

__all__ = [
    "MEASURES",
    "FolderError",
    "Measure",
    "Run",
    "RunFolderError",
    "differences",
    "measure",
    "open_run",
    "read_manifest",
    "same_results",
    "save",
]
