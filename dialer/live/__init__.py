"""Pushing live state to browsers: topics, sequence, resume; the base of every socket."""
