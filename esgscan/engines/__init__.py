"""Where tables are computed: the same stages on pandas, DuckDB or Spark."""
