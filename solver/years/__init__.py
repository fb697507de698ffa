"""Budget paths: rules year after year, each on what the year before left."""
