"""Regulators: levers, interventions, enforcement, licensing and rules."""
