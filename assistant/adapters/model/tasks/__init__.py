"""One module for each task that is asked of the model, with its output schema and checks."""
