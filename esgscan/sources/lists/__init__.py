"""Readers for the bulk files of official lists, each in the layout in which its publisher gives it out."""
