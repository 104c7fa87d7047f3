"""Tests of the packaged reference data."""
