"""Formative marks: assessments, the grid, averages, bulletin and livret scolaire."""
