import accounts.models
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from accounts.tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('email', models.EmailField(max_length=254, unique=True, verbose_name='adresse e-mail')),
                    ('first_name', models.CharField(max_length=100, verbose_name='prénom')),
                    ('last_name', models.CharField(max_length=100, verbose_name='nom')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'personne',
                    'verbose_name_plural': 'personnes',
                    'ordering': ('last_name', 'first_name', 'pk'),
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='accounts_user_email_ci_unique', violation_error_message='Cette adresse e-mail est déjà utilisée.')],
                },
                managers=[
                    ('objects', accounts.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='Cfa',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('name', models.CharField(max_length=120, verbose_name='nom')),
                    ('slug', models.SlugField(unique=True, verbose_name='nom court')),
                    ('uai', models.CharField(blank=True, max_length=8, verbose_name='numéro UAI')),
                    ('siret', models.CharField(blank=True, max_length=14, verbose_name='numéro SIRET')),
                    ('nda', models.CharField(blank=True, max_length=11, verbose_name="numéro de déclaration d'activité")),
                    ('address', models.CharField(blank=True, max_length=200, verbose_name='adresse')),
                    ('postcode', models.CharField(blank=True, max_length=5, verbose_name='code postal')),
                    ('city', models.CharField(blank=True, max_length=100, verbose_name='commune')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='adresse e-mail')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                    ('signatory_name', models.CharField(blank=True, max_length=120, verbose_name='signataire des documents')),
                    ('signatory_title', models.CharField(blank=True, max_length=120, verbose_name='qualité du signataire')),
                    ('ccf_habilite_on', models.DateField(blank=True, null=True, verbose_name="date d'habilitation au CCF")),
                    ('ccf_habilite_until', models.DateField(blank=True, null=True, verbose_name="fin d'habilitation au CCF")),
                ],
                options={
                    'verbose_name': 'CFA',
                    'verbose_name_plural': 'CFA',
                    'ordering': ('name', 'pk'),
                    'constraints': [models.CheckConstraint(condition=models.Q(('ccf_habilite_until__isnull', True), ('ccf_habilite_until__gt', models.F('ccf_habilite_on')), _connector='OR'), name='accounts_cfa_habilitation_dates_in_order', violation_error_message="La fin d'habilitation doit suivre son début.")],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('actor_label', models.CharField(max_length=200, verbose_name='auteur (nom du moment)')),
                    ('verb', models.CharField(max_length=60, verbose_name='action')),
                    ('subject', models.CharField(max_length=60, verbose_name="type d'objet")),
                    ('subject_id', models.CharField(max_length=36, verbose_name='objet')),
                    ('subject_label', models.CharField(max_length=200, verbose_name='objet (nom du moment)')),
                    ('happened_at', models.DateTimeField(verbose_name='moment des faits')),
                    ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='moment de la saisie')),
                    ('reason', models.TextField(blank=True, verbose_name='motif')),
                    ('data', models.JSONField(blank=True, default=dict, verbose_name='détails')),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                    ('cfa', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='accounts.cfa', verbose_name='CFA')),
                ],
                options={
                    'verbose_name': "ligne d'historique",
                    'verbose_name_plural': 'historique',
                    'ordering': ('-recorded_at', '-pk'),
                    'indexes': [models.Index(fields=['subject', 'subject_id'], name='accounts_event_subject')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('email', models.EmailField(max_length=254, verbose_name='adresse e-mail')),
                    ('first_name', models.CharField(max_length=100, verbose_name='prénom')),
                    ('last_name', models.CharField(max_length=100, verbose_name='nom')),
                    ('role', models.CharField(choices=[('admin', 'Administration du CFA'), ('staff', 'Équipe du CFA'), ('trainer', 'Formateur, tuteur CFA'), ('apprentice', 'Apprenti'), ('maitre', "Maître d'apprentissage"), ('auditor', 'Auditeur (lecture seule)')], max_length=12, verbose_name='rôle')),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='empreinte du lien')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créée le')),
                    ('expires_at', models.DateTimeField(verbose_name="valable jusqu'au")),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
                    ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='acceptée le')),
                    ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulée le')),
                    ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='acceptée par')),
                    ('cfa', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.cfa', verbose_name='CFA')),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
                ],
                options={
                    'verbose_name': 'invitation',
                    'verbose_name_plural': 'invitations',
                    'ordering': ('-created_at', '-pk'),
                    'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'staff', 'trainer', 'apprentice', 'maitre', 'auditor'])), name='accounts_invitation_role_valid'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='accounts_invitation_accepted_by_someone'), models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='accounts_invitation_one_end'), models.UniqueConstraint(models.F('cfa'), django.db.models.functions.text.Lower('email'), models.F('role'), condition=models.Q(('accepted_at__isnull', True), ('cancelled_at__isnull', True)), name='accounts_invitation_one_pending')],
                },
            ),
            migrations.CreateModel(
                name='Membership',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifiant')),
                    ('role', models.CharField(choices=[('admin', 'Administration du CFA'), ('staff', 'Équipe du CFA'), ('trainer', 'Formateur, tuteur CFA'), ('apprentice', 'Apprenti'), ('maitre', "Maître d'apprentissage"), ('auditor', 'Auditeur (lecture seule)')], max_length=12, verbose_name='rôle')),
                    ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='créé le')),
                    ('cfa', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.cfa', verbose_name='CFA')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
                ],
                options={
                    'verbose_name': 'rôle dans un CFA',
                    'verbose_name_plural': 'rôles dans les CFA',
                    'ordering': ('cfa', 'user', 'role', 'pk'),
                    'constraints': [models.UniqueConstraint(fields=('cfa', 'user', 'role'), name='accounts_membership_unique'), models.CheckConstraint(condition=models.Q(('role__in', ['admin', 'staff', 'trainer', 'apprentice', 'maitre', 'auditor'])), name='accounts_membership_role_valid')],
                },
            ),
        ]),
    ]
