"""From the text of a file to a resolved tree."""
