"""A study cut into jobs, and who does them."""
