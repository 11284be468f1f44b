"""Somebody at a browser without scripts: opens pages, fills the form that stands there, sends it."""

import html
import re
from typing import Any

from django.test import Client

from tests.campaigns.my_pages import text


class Visitor:
    """Follows redirects like a browser and keeps the hidden fields of the page it looks at."""

    def __init__(self, client: Client | None = None):
        self.client = client or Client()
        self.page: Any = None

    def open(self, path: str) -> "Visitor":
        self.page = self.client.get(path, follow=True)
        return self

    def ask(self, **answers: str) -> "Visitor":
        """Send the page's GET form."""
        self.page = self.client.get(self.path, self.hidden | answers, follow=True)
        return self

    def send(self, path: str = "", **answers: Any) -> "Visitor":
        """Send the page's POST form, to its own address or the form's."""
        self.page = self.client.post(path or self.path, self.hidden | answers, follow=True)
        return self

    @property
    def address(self) -> str:
        chain = self.page.redirect_chain
        if chain:
            return str(chain[-1][0])
        query = self.page.request.get("QUERY_STRING", "")
        return str(self.page.request["PATH_INFO"]) + (f"?{query}" if query else "")

    @property
    def path(self) -> str:
        return self.address.partition("?")[0]

    @property
    def words(self) -> str:
        return text(self.page)

    @property
    def hidden(self) -> dict[str, str]:
        found = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', self.page.text)
        return {name: html.unescape(value) for name, value in found}

    # journeys --------------------------------------------------------------------------------

    def check(self, number: str) -> "Visitor":
        return self.open(f"/check/?number={number}")

    def to_result(self, number: str, **answers: str) -> "Visitor":
        """Through the questions with these answers: fp, end (ISO), renewal."""
        query = "&".join(f"{key}={value}" for key, value in {"fp": "unused", **answers}.items())
        return self.open(f"/check/?number={number}&sure=1&{query}")

    def begin(self) -> "Visitor":
        return self.send("/apply/")

    def write(
        self, name: str = "山根 涼子", phone: str = "0859-00-0123", email: str = "minato@example.jp"
    ) -> "Visitor":
        return self.send(name=name).send(phone=phone).send(email=email)

    def confirm(self, **more: str) -> "Visitor":
        return self.send(renewal="on", agree="on", trusted="on", **more)
