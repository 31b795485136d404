"""Reads files of numbers as registries and vendors deliver them. Every one of them is hostile until read."""
