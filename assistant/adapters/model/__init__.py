"""Understanding and wording by a language model behind an OpenAI-compatible endpoint; every result is a proposal."""
