"""The frame below a request (lib/frames.py). What it is worth: ``bin/bench frames``."""

import struct
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler

from careplan_portal.lib.frames import CHUNK, SLOTS, roomy
from careplan_portal.wsgi import application


def test_it_calls_the_application_as_it_was_called() -> None:
    def bare(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["said"]]

    told: list[Any] = []
    assert roomy(bare)({"said": b"yes"}, lambda *head: told.append(head)) == [b"yes"]
    assert told == [("200 OK", [])]


def test_a_fault_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        roomy(lambda *_: 1 / 0)({}, None)


def test_its_frame_fits_in_no_chunk_and_leaves_as_much_room_again() -> None:
    frame = SLOTS * struct.calcsize("P")
    chunk = CHUNK
    while chunk < frame:
        chunk *= 2
    assert frame > CHUNK
    assert chunk - frame > 6 * CHUNK


def test_it_is_what_is_served() -> None:
    assert application.__code__.co_stacksize == SLOTS
    assert isinstance(application.__wrapped__, WSGIHandler)
