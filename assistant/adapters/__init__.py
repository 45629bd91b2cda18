"""One vendor a file, each behind a port of one to three methods; vendor types and errors stop here."""
