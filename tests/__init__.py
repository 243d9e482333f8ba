"""Tests and benchmarks; a package, so that no other package called `tests` takes their place."""
