"""Policies: dated interventions and adaptive rules, and what can be made of them."""
