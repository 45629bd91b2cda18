"""The chat model behind its port, over real HTTP."""
