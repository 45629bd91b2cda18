"""The language port implemented with a language model behind an OpenAI-compatible endpoint; every result is a proposal."""
