"""What happens: pure functions over arrays, without calendar, files or dates.

Every function is written in the subset of Python that Numba compiles, so that each engine calls the same code.
"""
