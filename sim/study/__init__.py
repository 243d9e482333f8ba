"""Questions that need more than one run, or a run repeated: comparisons, races, branches, sweeps, explanations."""
