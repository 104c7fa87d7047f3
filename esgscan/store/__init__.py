"""The local store of fund holdings: Parquet files and a catalogue, whole at every moment."""
