"""Pages of the app: thin, the services do the work."""
