"""All rules of the settings, and the check that asks them."""

from collections.abc import Iterable
from typing import Any, Final

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, register

from authproject.checks import openness, origin, secret_values, state
from authproject.checks.rule import Rule

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted((*origin.RULES, *secret_values.RULES, *state.RULES, *openness.RULES), key=lambda rule: rule.number)
)


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Iterable[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Tell each rule that the settings break. It connects to nothing."""
    return [rule.message() for rule in RULES if rule.is_broken()]
