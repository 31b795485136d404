"""Was everything as it must be? What nodes, journal and database saw, held against the promises of the engine.

``values`` is what was seen, as plain values; each other module judges one kind of promise and knows no database;
``reading`` brings the values from the records in streams; ``check`` asks everything.
"""
