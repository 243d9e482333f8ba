"""The model and an experiment described by themselves, in the forms that journals ask for: ODD and STRESS-DES."""
