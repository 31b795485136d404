"""Requests to machines of others: which addresses they may go to, and how they stay within limits."""
