"""Studies of one question over many problems: assessments, stages, changes, sensitivity."""
