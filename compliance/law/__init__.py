"""Rules of law as dated, cited data, and what they say of a place, a day and a number."""
