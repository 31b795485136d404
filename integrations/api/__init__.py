"""The REST API under ``/api/v1/``: for other systems, by API key."""
