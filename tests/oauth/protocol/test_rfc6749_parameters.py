"""Parameters: read strictly, each at most once."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth.errors import InvalidRequest
from oauth.protocol.rfc6749_parameters import Parameters, parse


def test_a_parameter_without_a_value_is_as_if_it_were_not_there():
    parameters = parse("a=&b=x&c")
    assert (parameters.get("a"), parameters.get("b"), parameters.get("c"), parameters.get("d")) == ("", "x", "", "")
    for name in ("a", "c", "d"):
        with pytest.raises(InvalidRequest, match=f"The parameter {name} is missing"):
            parameters.required(name)


@pytest.mark.parametrize("encoded", ["a=1&a=2", "a=1&a=1", "a=&a=1", "a&a"])
def test_a_parameter_that_comes_twice_is_known(encoded):
    parameters = parse(encoded)
    assert set(parameters.repeated) == {"a"}
    with pytest.raises(InvalidRequest):
        parameters.check_once()


@pytest.mark.spec("RFC 8707", "2")
def test_a_resource_may_come_twice():
    parse("resource=https://a.example&resource=https://b.example").check_once()


@pytest.mark.parametrize(
    "encoded",
    ["a=%ff", "a=%00", "%00=a&b=%00", "a=" + "x" * 4097, "&".join(f"a{n}=1" for n in range(61)), "a=%ed%a0%80"],
)
def test_what_cannot_be_read_is_refused(encoded):
    with pytest.raises(InvalidRequest):
        parse(encoded)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.text(max_size=100))
def test_whatever_comes_is_read_or_refused(encoded):
    try:
        parameters = parse(encoded)
    except InvalidRequest:
        return
    assert isinstance(parameters, Parameters)
    assert set(parameters) >= set(parameters.repeated)


@settings(derandomize=True, database=None, deadline=None, max_examples=500)
@given(st.text(alphabet="ab&=+%2046fF;é", max_size=40))
def test_reads_what_the_standard_library_reads(encoded):
    """A form is read as everybody reads one; what is read of it is the same, or nothing is."""
    try:
        pairs = parse_qsl(encoded, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(InvalidRequest):
            parse(encoded)
        return
    if any("\0" in value for _, value in pairs):
        return
    assert dict(parse(encoded).values) == dict(pairs)
