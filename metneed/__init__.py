"""metneed: with this budget, who gets which care package, and what else could be done."""
