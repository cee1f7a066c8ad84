"""The shape of every error, for the OpenAPI document (trust.guard.refusal makes it)."""

from typing import Any

from rest_framework import serializers


class RefusalSerializer(serializers.Serializer[Any]):
    """A refusal: a sentence for people as `detail` and `message`, a word for programs as `code` and `error`."""

    detail = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    error = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]  # DRF moves it out of the way of its property
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By field, with code invalid.",
    )
