"""Read-only lists and summaries for each role."""
