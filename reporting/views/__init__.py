"""Pages of reporting: thin adapters of selectors and services."""
