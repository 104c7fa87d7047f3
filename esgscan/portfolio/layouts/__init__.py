"""Exports of brokers, custodians and other tools, known by their layout: one description per file, and no code in it.

descriptions.py says what a description holds, recognition.py finds the one that fits a sheet, sections.py takes apart
files in which each line names its table, and effects.py applies the rest to the shared reading.
"""
