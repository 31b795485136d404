"""What if: the history that a simulated shift rests on, the settings compared, and what came of them."""
