"""What each intervention adds to an effect."""
