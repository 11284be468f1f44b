import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careplan_portal.settings")

application = get_wsgi_application()
# What a process begins with stays for good: the collector need not look through it at every turn.
gc.collect()
gc.freeze()
