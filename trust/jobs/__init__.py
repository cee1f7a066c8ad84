"""The job queue's own rows: which jobs wait, which are long done, which were left by a worker that died."""
