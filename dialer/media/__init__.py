"""The media node: the agents' audio over WebRTC. Knows the bus, no database."""
