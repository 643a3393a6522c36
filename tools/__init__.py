"""Modules behind the command ./clinic (Python standard library only, but for what runs inside Odoo)."""
