"""JSON as we say it."""

import json
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trust.lib.plain_json import dump_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(VALUES)
def test_whoever_reads_it_reads_what_was_said(value: Any) -> None:
    assert json.loads(dump_json(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [1, True, None], "b": "x"}, '{"a":[1,true,null],"b":"x"}'),
        (("a", MappingProxyType({"b": 1})), '["a",{"b":1}]'),
        ({"name": "김철수"}, '{"name":"김철수"}'),
        ({"n": 2**70}, f'{{"n":{2**70}}}'),
    ],
)
def test_is_compact_and_utf8(value: Any, text: str) -> None:
    assert dump_json(value) == text.encode()


@pytest.mark.parametrize("value", [object(), {"a": {1, 2}}])
def test_what_is_not_json_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        dump_json(value)
