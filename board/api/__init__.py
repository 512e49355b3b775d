"""The board over HTTP: each view parses, calls one verb and answers."""
