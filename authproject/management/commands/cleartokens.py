"""`manage.py cleartokens`: the toolkit's name for what is clear_expired here; its own knows other columns than ours."""

from oauth.management.commands.clear_expired import Command

__all__ = ["Command"]
