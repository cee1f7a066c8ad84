"""How dates are written in Korean."""
