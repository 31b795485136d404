"""Pages of campaigns, lists, leads, callbacks and imports: thin adapters of selectors and services."""
