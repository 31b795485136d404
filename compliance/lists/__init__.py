"""Large lists of numbers: bit arrays shared by all processes, loaded and changed from the registries' files."""
