"""The engine in virtual time: the real room against simulated far ends and agents, deterministic by seed."""
