"""Sample accounts and contacts."""

from __future__ import annotations

from assistant.domain.organisation import Contact
from assistant.ports import Account

PEOPLE: tuple[Account, ...] = (
    Account("lena", "Lena Brack", frozenset({"mentee"}), "Europe/Berlin", None, "Projects"),
    Account("mika", "Mika Sorsa", frozenset({"mentee"}), "Europe/London", None, "Quality"),
    Account("login-ada", "Ada Rowntree", frozenset({"mentor"}), "Europe/London", "ada", "Finance"),
    Account("login-ben", "Ben Okonjo", frozenset({"mentor"}), "America/New_York", "ben", "Sales"),
    Account("login-cleo", "Cleo Marchetti", frozenset({"mentor", "mentee"}), "Europe/Berlin", "cleo", "Design"),
    Account("login-dov", "Dov Lindgren", frozenset({"mentor"}), "Asia/Kolkata", "dov", "Software"),
    Account("petra", "Petra Lind", frozenset({"curator"}), "Europe/Stockholm"),
    Account("alasdair", "Alasdair Munro", frozenset({"admin"}), "Europe/London"),
)
CONTACTS: dict[str, tuple[Contact, ...]] = {
    kind: (Contact(f"{kind.title()} Desk", f"phone {n}", "always", "Somebody listens."),)
    for n, kind in enumerate(("harassment", "burnout", "crisis", "confidential", "mentoring"), 1)
}
