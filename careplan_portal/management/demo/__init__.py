"""The demo's invented country: a register, people, and a year of acts made by the real services."""
