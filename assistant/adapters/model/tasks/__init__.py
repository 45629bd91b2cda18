"""The tasks of the model, one module each: the call, and the verification of its result."""
