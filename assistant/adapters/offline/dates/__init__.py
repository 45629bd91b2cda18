"""Dates in English text: which phrases name a day, which of them something is due on, and the mentee's deadline."""
