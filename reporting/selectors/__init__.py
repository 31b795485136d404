"""Reading what supervisors look at: the floor as the database knows it, and call records."""
