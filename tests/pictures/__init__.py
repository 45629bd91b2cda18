"""The README's pictures: every page and state, wide and narrow, light and dark, taken by a script from a running server."""
