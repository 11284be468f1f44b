import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notices.services import returned_mailbox_read, returned_read


class Command(BaseCommand):
    help = "Read mails that came back: files, - for standard input, or the mailbox of RETURNED_MAILBOX."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", help="one mail a file; - reads one from standard input")
        parser.add_argument("--mailbox", default="", help="a Maildir instead of RETURNED_MAILBOX")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["files"]:
            counts = returned_read(mails=self._mails(options["files"]))
        else:
            counts = returned_mailbox_read(folder=options["mailbox"])
        self.stdout.write(json.dumps(counts))

    def _mails(self, files: list[str]) -> Iterator[bytes]:
        for name in files:
            if name == "-":
                yield sys.stdin.buffer.read()
            else:
                try:
                    yield Path(name).read_bytes()
                except OSError as missing:
                    raise CommandError(f"{name} を読めません：{missing.strerror}") from missing
