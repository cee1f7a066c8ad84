"""A server's farewell on a connection that was kept: nobody speaks on an idle one, so what is to be read is that."""

import select


def has_been_told_something(descriptor: int) -> bool:
    """Tell whether there is something to read on the socket of an idle connection, or its end. Costs no statement."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
