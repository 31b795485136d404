"""The floor's socket."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class FloorConsumer(AsyncJsonWebsocketConsumer):
    """Replaced by the floor's author."""
