"""What to say next: pure functions of frozen values. No I/O, no clock, no randomness, no logging."""
