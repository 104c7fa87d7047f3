"""Millions of holdings, the same stages, never leaving the engine: what every fund of a market reaches."""
