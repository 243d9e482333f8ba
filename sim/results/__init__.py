"""What came out of one run: labelled data, journal, decisions, summary measures, and their folder."""
