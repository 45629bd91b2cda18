"""The pages: what each renders and which actions it has. The services check who may do them."""
