"""Security events: what others are told of people and sessions, by webhooks and Security Event Tokens.

The audit trail is the outbox: whatever is told of was recorded in the transaction that did it. What is in the sealed
chain is followed in its order, so that nothing is lost, nothing is made up, and no request waits for anybody.
"""
