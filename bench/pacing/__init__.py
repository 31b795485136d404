"""What pacing is worth: the project's methods beside the field's in simulated rooms, and beside the exact optimum."""
