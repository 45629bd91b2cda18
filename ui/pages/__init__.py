"""The pages, each with what it draws and what can be done on it; who may do it is decided in the services."""
