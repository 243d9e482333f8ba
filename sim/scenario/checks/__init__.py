"""What can be wrong or doubtful in a scenario."""
