"""How Japan writes things: numbers of offices and corporations, telephones, kana, holidays.

Pure functions on text and days, one noun a module, no Django. Eras and dates in
sentences are in ``careplan_portal.lib.words``.
"""
