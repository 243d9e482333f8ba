"""The world of a run as arrays that no run changes."""
