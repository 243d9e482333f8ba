"""Studies in folders."""
