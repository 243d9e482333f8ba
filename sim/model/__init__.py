"""What happens: pure functions over arrays, without calendar, files or dates.

Every function is written in the subset of Python that Numba compiles, so that all engines call the same code, as Python
or compiled.
"""
