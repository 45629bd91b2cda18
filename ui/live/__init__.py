"""Live updates, progress streams and the background worker."""
