"""One file a vendor; vendor types and errors stop here."""
