"""Runs the whole product on one machine: starts the processes, restarts what dies, stops them in order."""
