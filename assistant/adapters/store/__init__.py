"""The database: events, read model, bookings, outbox, accounts, and an in-memory twin for tests."""
