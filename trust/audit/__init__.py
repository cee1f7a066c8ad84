"""The audit trail: what happened, to whom, by whom, inserted in the transaction that it describes."""
