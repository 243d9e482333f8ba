"""First step of each figure: what is to be drawn, as a small frozen object of arrays and words."""
