"""What people are told of the offer and of their licence; built here, handed to the outbox by services."""
