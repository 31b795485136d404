"""How many lines to place now: pure Python, imports nothing of the project."""
