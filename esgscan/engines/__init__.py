"""Where tables are computed: the same stages on Polars, DuckDB or Spark."""
