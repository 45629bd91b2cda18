"""Understanding and wording without a network: a small token model, a lexicon and grammars, all shipped as data."""
