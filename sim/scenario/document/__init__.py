"""Where a value stands in a file: YAML as a tree with positions."""
