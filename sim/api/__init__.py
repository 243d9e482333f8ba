"""What the user calls, by subject. Heavy libraries are imported by the call that needs them."""
