"""Counters of guesses: rate limits that count before the work is done."""
