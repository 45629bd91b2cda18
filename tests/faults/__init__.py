"""Every fault of an endpoint at every step of the dialogue: what a person gets then, how soon, and what is said of it."""
