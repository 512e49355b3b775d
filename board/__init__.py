"""The live board: entities, the one door through which they change, its API and its browser app."""
