"""Why an act about an office or an area cannot be done."""


class OfficeRefused(Exception):
    """``code`` for programs, ``field`` the input it belongs to (may be empty), ``text`` for people."""

    def __init__(self, code: str, text: str, field: str = "") -> None:
        super().__init__(text)
        self.code, self.field, self.text = code, field, text
