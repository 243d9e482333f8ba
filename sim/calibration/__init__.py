"""Parameters that the record of an episode allows: history matching, posteriors, and what is identified."""
