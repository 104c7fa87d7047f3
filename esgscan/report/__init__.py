"""Reports: one module per format, each rendering a `Scan` and computing nothing."""
