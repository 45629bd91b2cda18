"""The mentee's turn: record, understand, search, decide, answer."""
