"""The domain: frozen values and pure functions that use the standard library only."""
