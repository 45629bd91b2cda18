"""SQL implementations of the store ports, and in-memory implementations of the same ports for tests."""
