"""What the gate costs: lists, windows, signatures and whole decisions, each beside its peer in the same run."""
