"""How Python becomes machine code; no economics."""
