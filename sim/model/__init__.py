"""What happens: functions over arrays, without event queue, files or dates.

Every function is written in the subset of Python that Numba compiles, so that each engine calls the same code.
"""
