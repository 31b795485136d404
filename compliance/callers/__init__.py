"""The numbers that calls show: which one, how often, and how each fares."""
