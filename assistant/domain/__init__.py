"""What Askwell knows: frozen values and pure functions over the standard library, and nothing else."""
