"""Who may be made an office's manager on the telephone: only who answered at the office's own telephone."""

from helpdesk.rules.caller import CALL_BACK

CLOSED = "閉じた事業所なので、管理者にはできません。引きつぐ事業所の番号で、確かめてください。"
NO_PHONE = (
    "登録の電話番号がないので、かけ直しては確かめられません。"
    "申請して手紙のコードを入れてもらうか、いま手続きしている人に招いてもらってください。"
)
NOT_CALLED_BACK = (
    "2つの事実は、やめた人も知っています。管理者は、利用をやめることも、ほかの人を外すこともできるので、"
    "登録の電話にかけ直し、事業所にいる人だと確かめた相手だけを招待できます。"
)


def why_no_manager(*, closed: bool, reachable: bool) -> tuple[str, str]:
    """Code and sentence why nobody can be made the manager of the office today, whoever calls; empty when one can.
    `reachable`: there is a telephone at which to call the office back."""
    if closed:
        return "closed", CLOSED
    if not reachable:
        return "no_phone", NO_PHONE
    return "", ""


def is_called_back(proof: str) -> bool:
    """Whether a caller proved so may become the manager."""
    return proof == CALL_BACK
