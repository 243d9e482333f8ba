"""A policy as dated steps: interventions with effects and days, frozen."""
