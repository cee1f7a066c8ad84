"""All mail goes through the job queue: sealed in the database, sent by the worker, tried again when it fails."""
