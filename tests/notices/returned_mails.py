"""Mails as servers send them back, with our key in them."""

BOUNDARY = "=_b"


def report(key: str, *, to: str = "", action: str = "failed", status: str = "5.1.1", enclosed: bool = True) -> bytes:
    """A delivery report as Postfix writes it (RFC 3464)."""
    original = f"""--{BOUNDARY}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <returned+{key}@portal.example.jp>
Message-ID: <{key}@portal.example.jp>
Subject: =?utf-8?b?44GK55+l44KJ44Gb?=

"""
    return f"""Return-Path: <>
Date: Fri, 10 Apr 2026 07:00:03 +0900 (JST)
From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to or f"returned+{key}@portal.example.jp"}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{BOUNDARY}"
Message-Id: <20260410070003.AAAA@mx.example.jp>

--{BOUNDARY}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.jp.

--{BOUNDARY}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.jp
X-Postfix-Queue-ID: 4F1D

Final-Recipient: rfc822; aoba@example.jp
Original-Recipient: rfc822;aoba@example.jp
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.jp
Diagnostic-Code: smtp; 550 5.1.1 <aoba@example.jp>: Recipient address
    rejected: User unknown

{original if enclosed else ""}--{BOUNDARY}--
""".replace("\n", "\r\n").encode()


def whole(key: str) -> bytes:
    """A report that encloses the whole mail (message/rfc822) and came to the plain address."""
    return (
        report(key, to="returned@portal.example.jp")
        .replace(b"text/rfc822-headers", b"message/rfc822")
        .replace(b"Undelivered Message Headers", b"Undelivered Message")
    )


def old_style(key: str) -> bytes:
    """Words only, as qmail and some providers still write."""
    return f"""From: MAILER-DAEMON@old.example.jp
To: returned+{key}@portal.example.jp
Subject: failure notice

Hi. This is the qmail-send program. Sorry, no mailbox here by that name. (#5.1.1)
""".encode()


def out_of_office(key: str) -> bytes:
    """Somebody is away; their program answers to the return address."""
    return f"""From: aoba@example.jp
To: returned+{key}@portal.example.jp
Subject: =?utf-8?b?5LiN5Zyo?=
Auto-Submitted: auto-replied
In-Reply-To: <{key}@portal.example.jp>

only back on monday
""".encode()
