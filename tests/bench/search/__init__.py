"""How fast Askwell finds passages and people, beside the usual frameworks: `make bench`."""
