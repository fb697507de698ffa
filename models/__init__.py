"""The things of the domain: users, menus, scenarios, allocations, certificates.

Nothing in this package solves anything or opens a file.
"""
