"""What happens when an event is due: one function per kind of event, in files by whom it is about."""
