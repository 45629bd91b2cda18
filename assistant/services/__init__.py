"""The use cases: each takes the actor, checks permission, loads, decides and commits. Only services change state."""
