"""One figure per file: the data behind it, the finding that its title states, and the drawing."""
