"""The agent console's socket."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class AgentConsumer(AsyncJsonWebsocketConsumer):
    """Replaced by the console's author."""
