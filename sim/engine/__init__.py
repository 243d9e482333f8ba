"""When things happen: calendars over the functions of `sim.model`."""
