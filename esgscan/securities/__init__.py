"""Lines into securities: an ordered ladder of matchers, each with its evidence (docs/identity.md)."""
