"""What a caller may be told before they are proved: public facts and general rules, no date of a licence
(DOMAIN, "People": only whether a number uses the system is public)."""

from helpdesk.rules.scene import Scene


def say_to_anybody(scene: Scene) -> str:
    """Sentences for whoever calls. Raises licenses.rules.BadRecord("no_fee")."""
    if scene.plan is None:
        return "こちらで調べて、折り返しお電話します。"
    using = scene.plan.current is not None
    first = (
        "この事業所は、いまこのシステムを使っています。"
        if using
        else "この事業所は、いまこのシステムを使っていません。"
    )
    fee = f"有償の1年は、いまの額で{scene.policy.fee_on(scene.today).yen:,}円です。"
    return f"{first}{_window(scene)}{_rule(scene, using=using)}{fee}"


def _window(scene: Scene) -> str:
    """Said of numbers that have not had their free year: nothing of whether this one has."""
    if scene.today < scene.window.starts_on:
        return f"無料の1年をまだ使っていない番号なら、無料の申請は、{scene.day(scene.window.starts_on)}からできます。"
    if scene.today > scene.window.ends_on:
        return f"無料の申請の受付は、{scene.day(scene.window.ends_on)}で終わりました。"
    return f"無料の1年をまだ使っていない番号なら、無料の申請は、{scene.day(scene.window.ends_on)}までできます。"


def _rule(scene: Scene, *, using: bool) -> str:
    if scene.today > scene.window.ends_on:
        return ""
    when = "有償で使っている番号は、更新の月に申請すると、更新の日から" if using else "申請した日から"
    return f"{when}1年間、無料になります。無料になるのは、1つの番号に1回です。"
