"""Deadline, circuit breaker, bulkhead and token budget around the model endpoint, with the offline language as fallback."""
