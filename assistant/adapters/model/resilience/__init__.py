"""Deadline, circuit breaker, bulkhead and token budget around the endpoint."""
