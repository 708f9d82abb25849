import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Document',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('kind', models.CharField(max_length=60, verbose_name='nature')),
                    ('title', models.CharField(max_length=200, verbose_name='titre')),
                    ('subject_label', models.CharField(max_length=200, verbose_name='personne ou groupe concerné')),
                    ('state', models.CharField(choices=[('queued', 'En attente'), ('issued', 'Émis'), ('failed', 'En échec'), ('cancelled', 'Annulé'), ('replaced', 'Remplacé')], default='queued', max_length=10, verbose_name='état')),
                    ('context', models.JSONField(verbose_name='contenu figé')),
                    ('code', models.CharField(max_length=20, unique=True, verbose_name='code de vérification')),
                    ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                    ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='émis le')),
                    ('file', models.FileField(blank=True, upload_to='documents/%Y/%m/', verbose_name='fichier')),
                    ('file_name', models.CharField(max_length=200, verbose_name='nom du fichier')),
                    ('sha256', models.CharField(blank=True, max_length=64, verbose_name='empreinte SHA-256')),
                    ('size', models.PositiveIntegerField(default=0, verbose_name='taille en octets')),
                    ('pages', models.PositiveIntegerField(default=0, verbose_name='nombre de pages')),
                    ('template_version', models.CharField(blank=True, max_length=64, verbose_name='version du modèle')),
                    ('error', models.TextField(blank=True, verbose_name='erreur')),
                    ('cfa', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.cfa', verbose_name='CFA')),
                    ('readers', models.ManyToManyField(blank=True, related_name='readable_documents', to=settings.AUTH_USER_MODEL, verbose_name='lecteurs')),
                    ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='documents.document', verbose_name='remplace')),
                    ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ],
                options={
                    'verbose_name': 'document',
                    'verbose_name_plural': 'documents',
                    'ordering': ('-requested_at', '-pk'),
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'issued', 'failed', 'cancelled', 'replaced'])), name='documents_document_state_valid'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('issued', 'replaced')), _negated=True), models.Q(('issued_at__isnull', False), models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), _connector='OR'), name='documents_document_issued_has_file')],
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('kind', models.CharField(max_length=60, verbose_name='nature')),
                    ('label', models.CharField(max_length=200, verbose_name='intitulé')),
                    ('arguments', models.JSONField(blank=True, default=dict, verbose_name='paramètres')),
                    ('state', models.CharField(choices=[('queued', 'En attente'), ('running', 'En cours'), ('done', 'Terminé'), ('failed', 'Terminé avec des erreurs'), ('cancelled', 'Annulé')], default='queued', max_length=10, verbose_name='état')),
                    ('total', models.PositiveIntegerField(default=0, verbose_name="nombre d'éléments")),
                    ('done', models.PositiveIntegerField(default=0, verbose_name='éléments traités')),
                    ('failed', models.PositiveIntegerField(default=0, verbose_name='éléments en échec')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='demandé le')),
                    ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='commencé le')),
                    ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                    ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='dernier signe de vie')),
                    ('error', models.TextField(blank=True, verbose_name='erreur')),
                    ('file', models.FileField(blank=True, upload_to='jobs/%Y/%m/', verbose_name='fichier produit')),
                    ('cfa', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='accounts.cfa', verbose_name='CFA')),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ],
                options={
                    'verbose_name': 'tâche de fond',
                    'verbose_name_plural': 'tâches de fond',
                    'ordering': ('-created_at', '-pk'),
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled'])), name='documents_job_state_valid')],
                },
            ),
            migrations.CreateModel(
                name='JobItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField(verbose_name='rang')),
                    ('label', models.CharField(max_length=200, verbose_name='intitulé')),
                    ('arguments', models.JSONField(blank=True, default=dict, verbose_name='paramètres')),
                    ('state', models.CharField(choices=[('queued', 'En attente'), ('done', 'Fait'), ('failed', 'En échec'), ('cancelled', 'Annulé')], default='queued', max_length=10, verbose_name='état')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='tentatives')),
                    ('error', models.TextField(blank=True, verbose_name='erreur')),
                    ('runner', models.CharField(blank=True, max_length=60, verbose_name='exécutant')),
                    ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name="réservé jusqu'à")),
                    ('retry_at', models.DateTimeField(blank=True, null=True, verbose_name='pas avant')),
                    ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document', verbose_name='document')),
                    ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='documents.job', verbose_name='tâche')),
                ],
                options={
                    'verbose_name': 'élément de tâche',
                    'verbose_name_plural': 'éléments de tâche',
                    'ordering': ('job', 'position', 'pk'),
                    'indexes': [models.Index(fields=['job', 'state'], name='documents_jobitem_todo')],
                    'constraints': [models.UniqueConstraint(fields=('job', 'position'), name='documents_jobitem_position_unique'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'done', 'failed', 'cancelled'])), name='documents_jobitem_state_valid')],
                },
            ),
        ]),
    ]
