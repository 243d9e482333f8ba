"""One past, many futures."""
