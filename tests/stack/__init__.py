"""The whole product as processes, as an operator runs it."""
