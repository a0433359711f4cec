"""The orders that the helpdesk knows: they stand for the shop's own system."""

from typing_extensions import TypedDict


class Order(TypedDict):
    customer: str
    email: str
    item: str
    price: float
    sent: str


ORDERS: dict[str, Order] = {
    "A-2093": Order(
        customer="Nora Lindqvist", email="nora@example.com", item="Teapot, blue", price=39.90, sent="2026-11-12"
    ),
    "A-2101": Order(
        customer="Pavel Novák", email="pavel@example.com", item="Tea towels, set of six", price=24.50, sent="2026-11-16"
    ),
}
