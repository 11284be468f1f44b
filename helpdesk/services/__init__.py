"""The only writers of the contact log, of inquiries, and of acts for a caller."""
