"""The local page and the REST API: the same scans as the command line, in a browser on the same machine."""
