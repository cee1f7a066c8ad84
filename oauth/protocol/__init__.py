"""The rules of the RFCs, one room for each. No HTTP, no ORM, no clock: what must be written is asked of a service."""
