"""RFC 9396: what authorization_details may say, and how they are narrowed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth.authorization_detail import DetailField, DetailType, FieldKind, each_of, text_of, together
from oauth.errors import InvalidAuthorizationDetails
from oauth.protocol.rfc7591_values import Malformed
from oauth.protocol.rfc9396_authorization_details import MOST_DETAILS, narrowed, of_types, parse
from oauth.protocol.rfc9396_detail_type import fields_of, problems_of
from tests.authorization_details import ACCOUNTS, LOOK, PAYMENT, RENT, said

TYPES = {"payment": PAYMENT, "accounts": ACCOUNTS}


def parsed(text: str, *, allowed: tuple[str, ...] = ("payment", "accounts")) -> tuple[str, ...]:
    return parse(text, types=TYPES, allowed=allowed)


def refused(text: str, **named: Any) -> InvalidAuthorizationDetails:
    with pytest.raises(InvalidAuthorizationDetails) as error:
        parsed(text, **named)
    return error.value


def test_details_are_kept_in_their_order_and_their_members_in_ours() -> None:
    shuffled = dict(reversed(list(RENT.items())))
    assert parsed(said(shuffled, LOOK)) == parsed(said(RENT, LOOK)) == (text_of(RENT), text_of(LOOK))
    assert each_of(together(parsed(said(RENT)))) == (text_of(RENT),)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "{}",
            "[]",
            "null",
            "1",
            "[1]",
            "[null]",
            "[[]]",
            "[{}]",
            "not JSON",
            '[{"type": 1}]',
            '[{"type": ["payment"]}]',
        ),
        *('[{"type": "payment", "type": "accounts"}]', "[" * 40, '[{"type": "accounts", "identifier": NaN}]', "\ud800"),
        said(*({"type": "accounts", "identifier": f"{number}"} for number in range(MOST_DETAILS + 1))),
        said(LOOK, LOOK),
    ],
)
def test_what_is_no_array_of_details_is_refused(text: str) -> None:
    assert refused(text).error == "invalid_authorization_details"


@pytest.mark.parametrize(("type_", "allowed"), [("unknown", ("unknown",)), ("payment", ("accounts",)), ("payment", ())])
def test_a_type_that_is_unknown_or_not_the_clients_is_refused(type_: str, allowed: tuple[str, ...]) -> None:
    error = refused(said({**RENT, "type": type_}), allowed=allowed)
    assert error.finding.came == type_


@pytest.mark.parametrize(
    "changed",
    [
        *({"amount": 5}, {"amount": {"amount": "5"}}, {"amount": {"amount": 5, "currency": "EUR"}}),
        *({"amount": {"amount": "5", "currency": "EUR", "hidden": 1}}, {"amount": {"amount": "5", "currency": "eur"}}),
        *({"amount": {"amount": "-5", "currency": "EUR"}}, {"amount": {"amount": "1e9", "currency": "EUR"}}),
        *({"amount": {"amount": "05", "currency": "EUR"}}, {"amount": {"amount": "٥", "currency": "EUR"}}),
        *({"amount": {"amount": {}, "currency": []}}, {"amount": {"amount": "5\n", "currency": "EUR"}}),
        *({"creditor": ""}, {"creditor": "x" * 256}, {"creditor": ["a"]}, {"creditor": None}, {"creditor": "a\u202eb"}),
        *({"days": True}, {"days": "5"}, {"days": 10**15}, {"days": [5]}, {"notes": "a"}, {"notes": []}),
        *({"notes": ["a", "a"]}, {"notes": ["a"] * 21}, {"notes": [1]}, {"notes": [["a"]]}, {"notes": [" a"]}),
        *({"actions": "initiate"}, {"actions": [{}]}, {"datatypes": {}}, {"privileges": [""]}, {"identifier": 5}),
        *({"locations": ["https://a.example/ x"]}, {"locations": "https://a.example"}, {"locations": ["한"]}),
        *({"unknown": 1}, {"Amount": RENT["amount"]}, {"": 1}, {"type\u200b": "x"}),
    ],
)
def test_a_field_that_the_type_has_not_or_not_so_is_refused(changed: dict[str, Any]) -> None:
    refused(said({**RENT, **changed}))


@pytest.mark.parametrize("missing", ["amount", "creditor"])
def test_a_field_that_is_demanded_is_missing(missing: str) -> None:
    error = refused(said({name: value for name, value in RENT.items() if name != missing}))
    assert error.finding.about == missing


def test_a_field_of_strangers_is_not_repeated_in_a_finding() -> None:
    assert refused(said({**RENT, "<script>": 1})).finding.about == "a field"


@pytest.mark.parametrize(
    "more",
    [
        *(
            {"days": 5},
            {"days": 2.5},
            {"notes": ["a", "b"]},
            {"locations": ["https://a.example/x"]},
            {"identifier": "x"},
        ),
        *(
            {"datatypes": ["balance"]},
            {"privileges": ["admin"]},
            {"creditor": "집주인"},
            {"amount": {"amount": "0.5", "currency": "KRW"}},
        ),
    ],
)
def test_what_the_type_has_passes(more: dict[str, Any]) -> None:
    assert parsed(said({**RENT, **more}))


def test_a_token_is_for_what_was_granted_or_some_of_it() -> None:
    granted = together(parsed(said(RENT, LOOK)))
    assert narrowed("", granted=granted) == granted
    assert narrowed("", granted="") == ""
    assert json.loads(narrowed(said(LOOK), granted=granted)) == [LOOK]
    assert json.loads(narrowed(said(dict(reversed(list(RENT.items())))), granted=granted)) == [RENT]


@pytest.mark.parametrize(
    "asked",
    [
        said({**LOOK, "actions": ["balance", "history"]}), said({"type": "accounts"}), said({**LOOK, "identifier": "DE03"}),
        said(LOOK, {**RENT, "amount": {"currency": "EUR", "amount": "450.0"}}), "[]", "{}", "x",
    ],
)  # fmt: skip
def test_nothing_beyond_it_is_granted_later_not_even_what_looks_less(asked: str) -> None:
    with pytest.raises(InvalidAuthorizationDetails):
        narrowed(asked, granted=together(parsed(said(RENT, LOOK))))
    with pytest.raises(InvalidAuthorizationDetails):
        narrowed(asked, granted="")


def test_true_is_no_number_when_details_are_compared() -> None:
    with pytest.raises(InvalidAuthorizationDetails):
        narrowed(said({**RENT, "days": True}), granted=together(parsed(said({**RENT, "days": 1}))))


def test_types_that_a_client_lost_are_left_out() -> None:
    granted = together(parsed(said(RENT, LOOK)))
    assert json.loads(of_types(granted, ("accounts",))) == [LOOK]


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"type": ""}, "type"), ({"type": "two words"}, "type"), ({"type": 'a"b'}, "type"), ({"type": "x" * 256}, "type"),
        ({"title_en": " "}, "title_en"), ({"title_ko": "a\u202eb"}, "title_ko"), ({"description_en": "x" * 256}, "description_en"),
        ({"fields": (DetailField(name="type", label_en="x"),)}, "fields"),
        ({"fields": (DetailField(name="actions", label_en="x"),)}, "fields"),
        ({"fields": (DetailField(name="a b", label_en="x"),)}, "fields"),
        ({"fields": (DetailField(name="a", label_en=""),)}, "fields"),
        ({"fields": (DetailField(name="a", label_en="x"),) * 2}, "fields"),
        ({"fields": (DetailField(name="a", label_en="a\u200bb"),)}, "fields"),
        ({"fields": tuple(DetailField(name=f"a{n}", label_en="x") for n in range(21))}, "fields"),
    ],
)  # fmt: skip
def test_a_type_that_people_could_not_read_is_refused(changed: dict[str, Any], member: str) -> None:
    described = DetailType(**{"type": "t", "title_en": "T"} | changed)
    assert {problem.member for problem in problems_of(described)} == {member}
    assert problems_of(DetailType(type="t", title_en="T")) == []


def test_fields_are_read_as_they_are_written() -> None:
    written = PAYMENT.written()["fields"]
    assert fields_of(written) == PAYMENT.fields
    assert fields_of([{"name": "a", "label_en": "A"}]) == (DetailField(name="a", kind=FieldKind.TEXT, label_en="A"),)


@pytest.mark.parametrize(
    "written",
    [
        {},
        "x",
        [1],
        [{"nom": "a"}],
        [{"name": 1}],
        [{"name": "a", "kind": "date"}],
        [{"name": "a", "required": 1}],
        None,
    ],
)
def test_fields_that_are_written_wrongly_are_told(written: object) -> None:
    with pytest.raises(Malformed):
        fields_of(written)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = ("type", "amount", "creditor", "days", "notes", "actions", "locations", "identifier", "currency", "x")
NEARLY = st.lists(
    st.fixed_dictionaries({}, optional=dict.fromkeys(MEMBERS, JSON)).map(lambda more: {**RENT, **more}), max_size=3
)


@settings(max_examples=100, deadline=None)
@given(said_=JSON | NEARLY)
def test_whatever_comes_is_refused_or_stays_what_it_is(said_: Any) -> None:
    """Never another exception; and what is taken is granted to a token request for the same, and as the same."""
    try:
        text = json.dumps(said_)
        details = parsed(text)
    except InvalidAuthorizationDetails:
        return
    assert json.loads(narrowed(text, granted=together(details))) == said_


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_text_of_any_kind_is_answered(text: str) -> None:
    refused(text)
