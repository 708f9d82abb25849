"""The screens of the exam, one module by people: anybody, the team, the candidates."""
