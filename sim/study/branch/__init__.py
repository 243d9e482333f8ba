"""One history up to a date, several futures after it."""
