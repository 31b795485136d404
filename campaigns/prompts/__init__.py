"""Recorded messages: spoken from text or read from a file, always 8 kHz, 16 bit, mono."""
