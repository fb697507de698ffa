"""Pictures and reports of comparisons."""
