"""The hub: whatever one person changes on a board, everyone else sees at once."""
