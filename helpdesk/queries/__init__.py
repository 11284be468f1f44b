"""Everything that the helpdesk reads. Nothing here writes."""
