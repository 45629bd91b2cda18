"""Scripts that make the files which retrieval ships. The product does not run them."""
