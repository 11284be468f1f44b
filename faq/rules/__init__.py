"""Decisions of the FAQ without Django: how a question is read, which entries answer it, what is left open."""
