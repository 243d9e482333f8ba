"""Statistics over paired replications: intervals, bands, trade-offs, and draws of parameters."""
