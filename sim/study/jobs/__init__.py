"""A study cut into jobs, and the workers that run them."""
