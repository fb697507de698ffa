"""A council's own tables: reading them, and building an instance from them."""
