import pytest

from careplan_portal.lib import checkcode


def test_any_spelling_is_read() -> None:
    code = checkcode.make("LC", 2026, 4, "7K3M9XPA")
    assert code.startswith("LC-2604-7K3M-9XPA-")
    full_width = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in code)
    for spelled in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), full_width, f" {code} "):
        assert checkcode.parse(spelled) == code


def test_one_wrong_character_or_two_swapped_never_pass() -> None:
    code = checkcode.make("LC", 2026, 4, "7K3M9XPA").replace("-", "")
    for place, char in enumerate(code):
        others = "0123456789" if char.isdigit() and 2 <= place < 6 else checkcode.ALPHABET
        for other in others:
            if other != char:
                with pytest.raises(checkcode.NotACheckCode):
                    checkcode.parse(code[:place] + other + code[place + 1 :])
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(checkcode.NotACheckCode):
                checkcode.parse(swapped)


def test_drawn_codes_differ_and_pass() -> None:
    codes = {checkcode.draw("ST", 2026, 12) for _draw in range(500)}
    assert len(codes) == 500
    assert {checkcode.parse(code) for code in codes} == codes
