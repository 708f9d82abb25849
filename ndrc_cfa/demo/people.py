"""The fixed cast: the names, addresses and password of tests, demo and screenshots."""

from dataclasses import dataclass

PASSWORD = "motdepasse-de-demo-2026"


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    email: str


FARID = Person("Farid", "Garnier", "farid.garnier@cfa.example")
ELISE = Person("Élise", "Faure", "elise.faure@cfa.example")
BRUNO = Person("Bruno", "Caron", "bruno.caron@cfa.example")
INES = Person("Inès", "Marchand", "ines.marchand@cfa.example")
HUGO = Person("Hugo", "Tessier", "hugo.tessier@cfa.example")
AUDITOR = Person("Salomé", "Vidal", "salome.vidal@audit.example")
AICHA = Person("Aïcha", "Benali", "aicha.benali@apprenti.example")
CHANTAL = Person("Chantal", "Dumas", "chantal.dumas@entreprise.example")
DENIS = Person("Denis", "Escande", "denis.escande@entreprise.example")
GAELLE = Person("Gaëlle", "Huet", "gaelle.huet@tilleuls.example")
