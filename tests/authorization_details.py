"""A type of authorization details that the tests know (RFC 9396 section 2), and a detail of it."""

import json
from typing import Any, Final

from oauth.authorization_detail import DetailField, DetailType, FieldKind
from oauth.services import authorization_detail_types

PAYMENT: Final = DetailType(
    type="payment",
    title_en="Pay once",
    title_ko="한 번 결제합니다",
    description_en="From your account.",
    fields=(
        DetailField(name="amount", kind=FieldKind.MONEY, required=True, label_en="Amount", label_ko="금액"),
        DetailField(name="creditor", required=True, label_en="To", label_ko="받는 분"),
        DetailField(name="days", kind=FieldKind.NUMBER, label_en="Within days"),
        DetailField(name="notes", kind=FieldKind.LIST, label_en="Notes"),
    ),
)
ACCOUNTS: Final = DetailType(type="accounts", title_en="See accounts", asks_each_time=False, is_registrable=True)
RENT: Final[dict[str, Any]] = {
    "type": "payment",
    "amount": {"currency": "EUR", "amount": "450.00"},
    "creditor": "Landlord & Sons",
    "actions": ["initiate", "status"],
}
LOOK: Final[dict[str, Any]] = {"type": "accounts", "identifier": "DE02", "actions": ["balance"]}
EVERY_TYPE: Final = "payment accounts"


def put_types() -> None:
    """Register both types, for this process too."""
    for of_type in (PAYMENT, ACCOUNTS):
        authorization_detail_types.put(of_type)
    authorization_detail_types.memory.forget()


def said(*details: Any) -> str:
    """Return the parameter that asks for details."""
    return json.dumps(details)
