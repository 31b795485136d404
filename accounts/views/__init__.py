"""Pages of accounts: thin, the services do the work."""
