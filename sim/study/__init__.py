"""Many runs, and runs looked at closely."""
