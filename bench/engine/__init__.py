"""One pacing daemon under the load of a whole floor, with far ends, agents and their nodes simulated over the bus."""
