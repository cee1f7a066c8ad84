"""Checks of the deployment: whatever is unsafe outside of debugging, each with an id (`manage.py check --deploy`).

docs/checks.md lists every id. What no deployment can run with is refused sooner: settings.py does not start.
"""

from authproject.checks.clients import check_clients
from authproject.checks.deployment import RULES, check_deployment
from authproject.checks.hooks import check_hooks

__all__ = ["RULES", "check_clients", "check_deployment", "check_hooks"]
