"""How a browser sees the site as another person does, what it may do meanwhile, and how it comes back.

Whether it may be at all, and that it is noted and told, is accounts.services.impersonation's.
"""
