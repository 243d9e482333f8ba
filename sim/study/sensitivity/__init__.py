"""What a result depends on: all inputs at once, one by one, and the value at which a conclusion turns."""
