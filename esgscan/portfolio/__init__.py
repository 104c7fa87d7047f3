"""A portfolio file becomes table POSITIONS: bytes, sheets of cells, header words, numbers, kinds, lines."""
