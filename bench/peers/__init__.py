"""The peers: authorization servers of others, each run as its own documentation would have it in production."""
