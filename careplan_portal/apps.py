from django.apps import AppConfig


class CompositionConfig(AppConfig):
    """The composition root as an app, for the commands that need every other app."""

    name = "careplan_portal"
    label = "composition"
