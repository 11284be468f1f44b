"""The members' area: their offices, and what they do there."""
