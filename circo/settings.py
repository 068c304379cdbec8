"""All settings, read from the environment. Without any variable: the embedded stores of one machine, under var/."""

import hashlib
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP


class Env(environ.Env):
    """Readers that name the variable when its value has not the right shape."""

    def get_value(self, var, *args, **kwargs):
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"The environment variable {var} cannot be read: {error}") from error


env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where things are ---------------------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEMO = env.bool("DEMO", default=False)  # make demo: known accounts, mails readable on a local page
DEBUG = env.bool("DEBUG", default=False)
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")  # a name: passkeys refuse numbers
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])


def _embedded_secret() -> str:
    """A secret of this machine's own, made at the first start."""
    file = DATA_DIR / "secret.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()


def _embedded_socket() -> Path:
    """The embedded Valkey's socket: under DATA_DIR, unless its path would be too long for a unix socket."""
    socket = DATA_DIR / "valkey.sock"
    if len(str(socket)) < 100:
        return socket
    digest = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"partages-{digest}.sock"


SECRET_KEY = env.str("SECRET_KEY", default="") or _embedded_secret()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # former secrets, while the new one takes over

# --- Stores -------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL alone still gives "database is locked": IMMEDIATE takes the write lock before the first read.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,  # a server that takes connections and answers nobody costs a page that long, not for ever
        # Who may see what is asked in one long query: compiling it took PostgreSQL 200 ms, running it 8.
        "options": "-c jit=off",
    } | DATABASES["default"].get("OPTIONS", {})
# A thread of the web keeps its connection: opening one cost more than most of what is asked of it.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
WEB_THREADS = env.int("WEB_THREADS", default=12)  # of one process: how many pages are worked on at once
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

EMBEDDED_VALKEY_SOCKET = _embedded_socket()
EMBEDDED_VALKEY = not env.str("REDIS_URL", default="")
REDIS_URL = f"unix://{EMBEDDED_VALKEY_SOCKET}" if EMBEDDED_VALKEY else env.str("REDIS_URL")
# Signing in must not need Redis: the attempts that allauth counts, and the sessions, stand in the database.
CACHES = {"default": {"BACKEND": "circo.caches.RowCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

MEDIA_ROOT = DATA_DIR / "media"
S3 = {
    "bucket": env.str("S3_BUCKET", default=""),  # empty: films and papers lie on this machine's disk
    "endpoint": env.str("S3_ENDPOINT", default=""),
    "public_endpoint": env.str("S3_PUBLIC_ENDPOINT", default="") or env.str("S3_ENDPOINT", default=""),
    "access_key": env.str("S3_ACCESS_KEY", default=""),
    "secret_key": env.str("S3_SECRET_KEY", default=""),
    "region": env.str("S3_REGION", default="us-east-1"),
}
_bucket = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3["bucket"],
        "endpoint_url": S3["endpoint"] or None,
        "access_key": S3["access_key"],
        "secret_key": S3["secret_key"],
        "region_name": S3["region"],
        "signature_version": "s3v4",
        "addressing_style": "path",
        "file_overwrite": False,
        "querystring_expire": 5,
    },
}
STORAGES = {
    "default": _bucket if S3["bucket"] else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # The demo serves the files where they lie: no collectstatic, no manifest.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEMO else "circo.staticfiles.Storage"
    },
}
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = None if DEMO else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else needs our files

# --- Films --------------------------------------------------------------------------------------------------------
FILM_MAX_BYTES = env.int("FILM_MAX_BYTES", default=4 * 1024**3)
FILM_QUOTA_BYTES = env.int("FILM_QUOTA_BYTES", default=12 * 1024**3)  # of one person's unfinished uploads
FILM_STORED_QUOTA_BYTES = env.int("FILM_STORED_QUOTA_BYTES", default=200 * 1024**3)  # of one person's films; 0: none
# What proposes captions, as a dotted path (docs/speech.md); empty: nothing hears the films.
SPEECH_ENGINE = env.str("SPEECH_ENGINE", default="")
FILM_DISK_FLOOR_BYTES = env.int("FILM_DISK_FLOOR_BYTES", default=1024**3)  # kept free: below it nothing is received
MEDIA_DELIVERY = env.str("MEDIA_DELIVERY", default="django")  # who sends the bytes of a film: django, nginx, s3
FILM_RIGHTS_KEPT_S = 4.0  # how long a process remembers that a session may watch a film: under the 5 s of a withdrawal
MEDIA_LINK_S = 5  # life of a link to the bucket: a right that is withdrawn dies with it
CONSENT_PROOF_DAYS = env.int("CONSENT_PROOF_DAYS", default=5 * 365)  # signed papers outlive their film by that
PASSED_KEPT_DAYS = env.int("PASSED_KEPT_DAYS", default=365)  # polls of dates, what was called off: kept after their day

# --- Celery: the bell only; see circo/jobs.py ---------------------------------------------------------------------
# How long a worker that says nothing keeps its work; the beat of its heart, and the pauses, are shares of it.
JOB_LEASE_S = env.float("JOB_LEASE_S", default=60)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the lease in the database brings lost work back, not the broker
CELERY_TASK_DEFAULT_QUEUE = "light"
CELERY_TASK_TIME_LIMIT = 2 * 3600
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3 * 3600,  # above the time limit, or a running task is delivered twice
    "socket_timeout": 2,  # all that a page waits for a broker that accepts and never answers
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "mind-visits": {"task": "networks.tasks.mind_visits", "schedule": crontab(minute="*/10")},
    "forget-old-visits": {"task": "circo.tasks.forget_old_visits", "schedule": crontab(hour="3", minute="10")},
    "purge-imports": {"task": "circo.tasks.purge_imports", "schedule": crontab(hour="3", minute="20")},
    "purge-documents": {"task": "circo.tasks.purge_documents", "schedule": crontab(hour="3", minute="30")},
    "purge-exports": {"task": "circo.tasks.purge_exports", "schedule": crontab(hour="3", minute="35")},
    "purge-service-logs": {"task": "circo.tasks.purge_service_logs", "schedule": crontab(hour="3", minute="40")},
    "purge-drafts": {"task": "circo.tasks.purge_drafts", "schedule": crontab(hour="3", minute="45")},
    "clean-films": {"task": "videos.tasks.clean", "schedule": crontab(minute="40")},
    "end-films": {"task": "videos.tasks.end_films", "schedule": crontab(hour="4", minute="0")},
    "forget-mentoring": {"task": "networks.tasks.forget_mentoring", "schedule": crontab(minute="*/10")},
    "purge-salons": {"task": "networks.tasks.purge_salons", "schedule": crontab(hour="3", minute="50")},
    "tell-salons": {"task": "networks.tasks.tell_salons", "schedule": crontab(hour="6", minute="30")},  # before digests
    "remind-of-meetings": {"task": "networks.tasks.remind_of_meetings", "schedule": crontab(hour="7-20", minute="5")},
    "remind-learners": {"task": "trainings.tasks.remind_learners", "schedule": crontab(hour="7-20", minute="20")},
    "remind-of-days": {"task": "events.tasks.remind_of_days", "schedule": crontab(hour="7-20", minute="10")},
    "forget-days": {"task": "events.tasks.forget_days", "schedule": crontab(hour="4", minute="20")},
    "clean-meetings": {"task": "networks.tasks.clean_meetings", "schedule": crontab(hour="4", minute="10")},
    "forget-passed": {"task": "networks.tasks.forget_passed", "schedule": crontab(hour="4", minute="20")},
    "follow-group-dates": {"task": "networks.tasks.follow_group_dates", "schedule": crontab(hour="4", minute="10")},
    "mind-festivals": {"task": "events.tasks.mind_festivals", "schedule": crontab(minute="*/10")},
    "remind-visitors": {"task": "events.tasks.remind_visitors", "schedule": crontab(hour="9-18", minute="15")},
    "forget-visitors": {"task": "events.tasks.forget_visitors", "schedule": crontab(hour="4", minute="25")},
    "forget-proposals": {"task": "partnerships.tasks.forget_proposals", "schedule": crontab(hour="4", minute="30")},
    "sweep-paths": {"task": "trainings.tasks.sweep_paths", "schedule": crontab(hour="4", minute="35")},
    "mind-platforms": {"task": "trainings.tasks.mind_platforms", "schedule": crontab(minute="50")},
    "tell-xapi": {"task": "trainings.tasks.tell_xapi", "schedule": crontab(minute="*/10")},
    "purge-path-transfers": {"task": "trainings.tasks.purge_transfers", "schedule": crontab(hour="4", minute="45")},
    "mind-observations": {"task": "partnerships.tasks.mind_observations", "schedule": crontab(minute="*/10")},
    "sweep-jobs": {"task": "circo.tasks.sweep_jobs", "schedule": 10.0},
    "mail-notices": {"task": "circo.tasks.mail_notices", "schedule": 60.0},  # rung at once as well: this is the net
    # One digest a day, of what was told before 7:00; the later rings find nothing, unless nobody heard the first.
    "mail-digests": {"task": "circo.tasks.mail_digests", "schedule": crontab(hour="7-12", minute="0")},
}

# --- Live pages: they only learn sooner what the database holds; see circo/live.py -----------------------------------
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "circo.live.CalmLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_connect_timeout": 2}]},
    }
}

# --- Applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "circo.apps.CircoConfig",
    "networks.apps.NetworksConfig",
    "videos.apps.VideosConfig",
    "trainings.apps.TrainingsConfig",
    "events.apps.EventsConfig",
    "partnerships.apps.PartnershipsConfig",
    "circo.portal.apps.PortalConfig",
    "circo.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "circo.sign_in.apps.SignInConfig",  # after allauth: it holds our provider and listens to its signals
    "django_htmx",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "circo.staticfiles.Middleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "videos.middleware.GrantedMediaMiddleware",  # before anything reads the session
    "trainings.watching.views.BeatMiddleware",  # after it: that one notes when the request began
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "circo.sign_in.sessions.SessionAgeMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "circo.middleware.AccessMiddleware",
    "circo.portal.errors.not_allowed_page",
    "circo.portal.errors.RefusalMiddleware",
]
ROOT_URLCONF = "circo.urls"
ASGI_APPLICATION = "circo.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["circo.templatetags.french"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "circo.portal.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "circo.forms.FormRenderer"

# --- What people read ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
PLATFORM = {
    "name": env.str("PLATFORM_NAME", default="Les partages"),
    "subtitle": env.str("PLATFORM_SUBTITLE", default="de l’innovation"),
    "logo": env.str("PLATFORM_LOGO", default="img/logo.svg"),
    "footer": env.str("PLATFORM_FOOTER", default=""),
    "accessibility": env.str("PLATFORM_ACCESSIBILITY", default="non conforme"),
    "contact": env.str("PLATFORM_CONTACT", default=""),
    "publisher": env.str("PLATFORM_PUBLISHER", default=""),  # the legal notes name these three
    "director": env.str("PLATFORM_DIRECTOR", default=""),
    "host": env.str("PLATFORM_HOST", default=""),
    "dpo": env.str("PLATFORM_DPO", default=""),  # where to write about personal data
}

# The paper of letters: who writes and signs them. Several lines are parted by \n.
LETTER = {
    "authority": env.str("LETTER_AUTHORITY", default="Éducation nationale"),
    "subline": env.str("LETTER_SUBLINE", default=""),  # the circonscription
    "address": env.str("LETTER_ADDRESS", default=""),
    "contact": env.str("LETTER_CONTACT", default=""),  # telephone, e-mail
    "city": env.str("LETTER_CITY", default=""),
    "signatory": env.str("LETTER_SIGNATORY", default=""),
    "quality": env.str("LETTER_SIGNATORY_QUALITY", default=""),
    "signature": env.str("LETTER_SIGNATURE", default=""),  # a picture of it: SVG, PNG or JPEG
    "logo": env.str("LETTER_LOGO", default=str(BASE_DIR / "static/img/logo.svg")),
    "logo_alt": env.str("LETTER_LOGO_ALT", default=f"Logo : {PLATFORM['name']}"),
    "controller": env.str("LETTER_CONTROLLER", default=""),  # responsible for personal data: the DASEN
    "font": env.str("LETTER_FONT", default=""),  # a family found in LETTER_FONTS; else Libertinus Serif
    "fonts": env.str("LETTER_FONTS", default=""),  # a folder of TTF or OTF files
}

# --- Sign-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "circo.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "circo.sign_in.passwords.OwnWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "circo.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "circo.sign_in.forms.LoginForm",
    "reauthenticate": "circo.sign_in.forms.ReauthenticateByPasswordForm",
    "add_email": "circo.sign_in.forms.AddEmailForm",
    "change_password": "circo.sign_in.forms.ChangePasswordForm",
    "set_password": "circo.sign_in.forms.SetPasswordForm",
    "reset_password": "circo.sign_in.forms.ResetPasswordForm",
    "reset_password_from_key": "circo.sign_in.forms.ResetPasswordKeyForm",
}
ACCOUNT_CHANGE_EMAIL = True  # one address per person; the new one takes the place once it is confirmed
ACCOUNT_EMAIL_VERIFICATION = "none"  # at sign-in: the team wrote the address, or its owner confirmed it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to an address that nobody here has
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the browser at hand stays signed in, all others do not
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser, and at the latest by the ages below
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
PASSWORD_RESET_TIMEOUT = 24 * 3600
# How many proxies of ours write X-Forwarded-For; without one, nobody is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=int(env.bool("BEHIND_PROXY", default=False)))

MFA_ADAPTER = "circo.sign_in.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "circo.sign_in.forms.AuthenticateForm",
    "reauthenticate": "circo.sign_in.forms.ReauthenticateForm",
    "activate_totp": "circo.sign_in.forms.ActivateTOTPForm",
    "authenticate_webauthn": "circo.sign_in.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "circo.sign_in.forms.ReauthenticateWebAuthnForm",
    "login_webauthn": "circo.sign_in.forms.LoginWebAuthnForm",
    "add_webauthn": "circo.sign_in.forms.AddWebAuthnForm",
    "edit_webauthn": "circo.sign_in.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = PLATFORM["name"]
MFA_TOTP_TOLERANCE = 1  # a clock that is half a minute late
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith(("http://127.0.0.1", "http://localhost"))
MFA_ALLOW_UNVERIFIED_EMAIL = True  # allauth's rule against strangers who sign up; nobody signs up here

# --- ProConnect (docs/proconnect.md): off without PROCONNECT_CLIENT_ID ----------------------------------------------
PROCONNECT = {
    "client_id": env.str("PROCONNECT_CLIENT_ID", default=""),
    "secret": env.str("PROCONNECT_SECRET", default=""),
    "discovery": env.str("PROCONNECT_DISCOVERY", default=""),
    "issuer": env.str("PROCONNECT_ISSUER", default=""),  # empty: the one that the discovery document announces
    "scopes": env.list("PROCONNECT_SCOPES", default=["openid", "given_name", "usual_name", "email"]),
    "acr_values": env.str("PROCONNECT_ACR_VALUES", default="eidas1"),
    "pkce": env.bool("PROCONNECT_PKCE", default=False),
    "ask_amr": env.bool("PROCONNECT_ASK_AMR", default=True),
    "algorithms": env.list("PROCONNECT_ALGORITHMS", default=["RS256", "ES256"]),
    # What its id_token says when the person has already given a second factor there.
    "second_factor_acr": env.list("PROCONNECT_SECOND_FACTOR_ACR", default=["eidas2", "eidas3"]),
    "second_factor_amr": env.list("PROCONNECT_SECOND_FACTOR_AMR", default=["mfa"]),
}
# Hosts that the server calls (LTI platforms, docs/lti.md; a store of xAPI) although they have a private address, or do
# without encryption: `name`, no port.
CALLED_PRIVATE_HOSTS = env.list("CALLED_PRIVATE_HOSTS", default=[])
SOCIALACCOUNT_ADAPTER = "circo.sign_in.adapters.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True  # the adapter says for whom
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- Mail ---------------------------------------------------------------------------------------------------------
MAILS_DIR = DATA_DIR / "mails"  # demo only
_mail_server = env.email_url("EMAIL_URL", default="smtp://localhost:25")
_smtp = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": _mail_server["EMAIL_HOST"],
        "port": _mail_server["EMAIL_PORT"] or 25,
        "username": _mail_server["EMAIL_HOST_USER"] or "",
        "password": _mail_server["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": _mail_server.get("EMAIL_USE_TLS", False),
        "use_ssl": _mail_server.get("EMAIL_USE_SSL", False),
        "timeout": 10,
    },
}
_to_files = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": MAILS_DIR}}
MAILERS = {"default": _to_files if DEMO else _smtp}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Les partages <ne-pas-repondre@localhost>")

# --- Safety -------------------------------------------------------------------------------------------------------
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF, "blob:"],
    "worker-src": [CSP.SELF, "blob:"],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
if MEDIA_DELIVERY == "s3":  # the player and the posters follow the links to the bucket
    _bucket_origin = "{0.scheme}://{0.netloc}".format(urlsplit(S3["public_endpoint"]))
    for _source in ("img-src", "connect-src", "media-src"):
        SECURE_CSP[_source] = [*SECURE_CSP[_source], _bucket_origin]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "circo.portal.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [SITE_URL]
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=20 * 1024 * 1024)  # a table of schools or people
# A store of xAPI statements (LRS), for learners who agree; none: nothing is sent. As `XAPI_ENDPOINT=https://lrs.example/xapi`
XAPI_ENDPOINT = env.str("XAPI_ENDPOINT", default="")
XAPI_KEY, XAPI_SECRET = env.str("XAPI_KEY", default=""), env.str("XAPI_SECRET", default="")
XAPI_NAME = env.str("XAPI_NAME", default="un magasin de traces d’apprentissage")  # as learners read it
COURSE_MAX_BYTES = env.int("COURSE_MAX_BYTES", default=200 * 1024 * 1024)  # the backup of a Moodle course
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 9 * 1024 * 1024  # a chunk of a film stays in memory on its way, rather than in /tmp
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_secret_link": {"()": "circo.logs.NoSecretLink"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_secret_link"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Every second while Redis is away; ours says it once for each ring.
    "loggers": {"channels_redis.pubsub": {"level": "CRITICAL"}},
}
