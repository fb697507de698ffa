"""What money rules share: points, claims, and how amounts become awards with an account."""
