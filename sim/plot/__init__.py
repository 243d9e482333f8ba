"""Figures of a run, each in two steps: `gather_*` computes a small data object, `draw_*` draws it on Axes."""

from sim.plot.run import RunPlots, figures

__all__ = ["RunPlots", "figures"]
