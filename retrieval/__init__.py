"""Finds passages and people; knows nothing of conversations.

Text goes in through `ingest`, questions are answered by `search` and `experts`, and `build.open_retrieval` wires it.
Everything that knows a vendor is one file in `adapters`, behind a port of one to three methods in `ports`.
Importing the package, or any module outside `adapters`, loads no vendor.
"""
