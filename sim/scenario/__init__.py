"""What the user writes: the scenario format, how it is read, checked and described."""
