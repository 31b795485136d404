"""The line node: SIP calls in pjsua2 children. Knows the bus, no database."""
