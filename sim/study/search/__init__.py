"""Search for policies: which measures, when, in what order and how strong, within a budget."""
