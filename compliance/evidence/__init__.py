"""Decisions as a chain of hashes, and what can be told from them."""
