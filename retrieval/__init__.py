"""Searches the knowledge base for passages and for people; independent of the dialogue.

`indexing.ingest` writes content, `passages.search` and `people.experts` read it, and `build.open_retrieval` wires them.
Each vendor is used in one file of `adapters`, behind a port of `ports`. Importing the package, or any module outside
`adapters`, loads no vendor.
"""
