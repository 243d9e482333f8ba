"""One figure per file; to add one, write its file and a line in the table of `sim.plot.run` or `sim.plot.study`.

Each file has the data behind the figure (`XData`, which `gather_x` computes), the `finding` that the title states,
`draw_x`, which puts the data on Axes, and `plot_x`, which does all of it and becomes the method of the table.
"""
