"""A single value in a file: quantities with units, distributions, and their JSON types."""
