"""A run or a study as one HTML file to send on: what it is made of, and how it is written."""
