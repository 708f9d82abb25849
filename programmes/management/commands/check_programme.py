import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from programmes.conformity_selectors import (
    Held,
    find_programme,
    findings_of,
    findings_of_file,
)
from programmes.enums import Severity


class Command(BaseCommand):
    help = (
        "Compare le programme d'un CFA au référentiel de sa session, aux heures de la loi et à lui-même. "
        "Se termine par 1 quand un constat bloque. Un programme qui n'est pas chargé est lu dans les "
        "fichiers livrés."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="nom court du programme ou de son CFA (ex. lz-formation)")
        parser.add_argument(
            "--format", choices=("text", "json"), default="text", help="présentation des constats"
        )

    def handle(self, *args, slug: str, format: str, **options) -> None:
        programme = find_programme(slug)
        held = findings_of(programme) if programme else findings_of_file(slug)
        if held is None:
            raise CommandError(f"Aucun programme ni CFA ne s'appelle « {slug} ».", returncode=2)
        if format == "json":
            rows = [row.as_json() for row in held]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.tell(str(programme) if programme else slug, held)
        if any(row.blocks for row in held):
            raise SystemExit(1)

    def tell(self, title: str, held: list[Held]) -> None:
        self.stdout.write(title)
        for row in held:
            finding = row.finding
            self.stdout.write(
                f"\n[{finding.severity.label}] {finding.id} · {finding.subject}\n"
                f"  Dit        : {finding.says}\n"
                f"  Où         : {finding.where}\n"
                f"  Officiel   : {finding.official}\n"
                f"  Source     : {finding.source}\n"
                f"  À faire    : {finding.advice}"
            )
            if row.acceptance:
                day = row.acceptance.accepted_at.strftime("%d/%m/%Y")
                self.stdout.write(
                    f"  Accepté    : {row.acceptance.reason} ({row.acceptance.accepted_by}, {day})"
                )
        counts = {
            severity: sum(row.finding.severity == severity for row in held) for severity in Severity
        }
        told = ", ".join(
            f"{count} {severity.label.lower()}"
            + ("s" if severity == Severity.BLOCKING and count > 1 else "")
            for severity, count in counts.items()
        )
        accepted = sum(row.acceptance is not None for row in held)
        suffix = f" ; {accepted} accepté{'s' if accepted > 1 else ''}" if accepted else ""
        self.stdout.write(f"\n{len(held)} constats : {told}{suffix}.")
