"""The rules of the gate said again, plainly and slowly, from the texts of law and the documents.

Nothing here reads the product's data or calls its helpers: what a dial may do is worked out anew from everything that
ever happened. ``judge.why_forbidden`` is the whole of it.
"""
