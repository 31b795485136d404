"""From a file of any program to leads: sniff, map, validate, preview, commit, report, and back again.

Each line that was read ends in exactly one of created, updated, skipped, rejected; nothing is lost silently.
"""
