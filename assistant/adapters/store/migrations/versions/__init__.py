"""The history of the schema, oldest first; each version is written out and never edited after its release."""
