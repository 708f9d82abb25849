"""The organisation of the CCF: sittings, dossiers, fiche-sujet, publication, file for the jury."""
