"""Second step of each figure: a gathered object on given Axes."""
