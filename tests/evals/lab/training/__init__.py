"""Making the offline language model: labelled messages, the training script, its measures. Not in the installed package."""
