"""The messages between Paceline's processes: their schemas, and how they travel over Redis.

Imports nothing of the project and no Django, so that line and media nodes stay small.
"""
