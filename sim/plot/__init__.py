"""Figures of runs and studies, each in two steps: data are gathered into a small object, which is drawn on Axes."""

from sim.plot.run import RunPlots, write_figures

__all__ = ["RunPlots", "write_figures"]
