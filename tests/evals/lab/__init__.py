"""The laboratory: simulated mentees, attackers and a hostile model that play with the product's own services.

`python -m tests.evals.lab NAME` measures one of them as `askwell eval` does. It is no part of the installed package; what it
plays with is.
"""
