"""Making the offline language model: labelled messages, the training script and its measures. Not part of the installed package."""
