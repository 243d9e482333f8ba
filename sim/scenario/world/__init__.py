"""The world: what the regulator does not choose."""
