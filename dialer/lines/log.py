"""The children's log: the standard library's, on standard error, for a child must stay small."""

import logging

log = logging.getLogger("dialer.lines")
