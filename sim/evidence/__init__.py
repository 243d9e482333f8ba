"""The record of real episodes, and how it is read off a run."""
