from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "利用者"

    def ready(self) -> None:
        from accounts.adapters import connect

        connect()
