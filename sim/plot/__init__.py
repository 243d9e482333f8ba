"""Figures of runs and studies, each in two steps: data are gathered into a small object, which is drawn on Axes."""
