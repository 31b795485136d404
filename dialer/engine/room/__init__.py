"""One campaign's room: its agents, its lines, and every decision about them.

Nothing here touches Redis, the database or a clock: messages and times come in, effects go out. The runner around
it carries the effects out, so that the same room also runs a shift in virtual time.
"""
