"""The endpoints, each named as in the metadata: they translate between the wire and the rules, and decide nothing."""
