"""The practice far ends: a SIP carrier with many voices, and agents that sign in and talk by themselves."""
