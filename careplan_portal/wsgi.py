import gc
import os

from django.core.wsgi import get_wsgi_application

from careplan_portal.lib.frames import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careplan_portal.settings")

application = roomy(get_wsgi_application())
# The collector of cycles looked through everything a process keeps after every twenty pages or so, for tens of
# milliseconds. What a process begins with stays for good, and pages leave few cycles behind.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 10, 10)
