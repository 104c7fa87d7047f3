"""Packaged reference data: data sets with a source on every row, their cards, their loader and their checks."""
