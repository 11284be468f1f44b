"""Decisions about the register, without Django: shipped lists, addresses, rows of files."""
