"""What a run is summed up by."""
