"""How much each intervention contributes to an effect."""
