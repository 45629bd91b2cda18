"""The text catalogue and the prompts for the language model, as data with strict variables; code refers to texts by key."""
