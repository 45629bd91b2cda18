"""Prepares an installation: schema, sample people and starter content. Every later start runs the same code at no cost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.ports import Audit
from assistant.starter import content_folder, sample_people

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.settings import Settings

Progress = Callable[[str, int, int], None]
SEAL = "content.sha256"


def _silent(stage: str, done: int, total: int) -> None: ...


def prepare(app: App, progress: Progress = _silent) -> None:
    """Bring schema, sample people and content up to date; does nothing when nothing changed."""
    from assistant.adapters.store.sql_migrate import migrate

    app.settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(app.engine)
    seal, fingerprint = app.settings.data / SEAL, content_fingerprint(app.settings)
    if seal.exists() and seal.read_text("utf-8") == fingerprint:
        return
    _import_people(app)
    app.services.knowledge_service.load(content_folder(app.settings), progress)
    seal.write_text(fingerprint, "utf-8")


def content_fingerprint(settings: Settings) -> str:
    """Changes when a content file, the embedder or the folder changes."""
    from retrieval.importing.source_folder import ARTICLE_ENDINGS, LIST_ENDINGS

    folder, endings = content_folder(settings), (*ARTICLE_ENDINGS, *LIST_ENDINGS, ".toml")
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in endings)
    rows = [f"{path.relative_to(folder)}:{(stat := path.stat()).st_size}:{stat.st_mtime_ns}" for path in files]
    return hashlib.sha256("\n".join([settings.embedder, str(folder), *rows]).encode()).hexdigest()


def _import_people(app: App) -> None:
    """Sample people go into an empty table only: an upgrade never gives anybody rights."""
    if not app.settings.demo or app.accounts.all():
        return
    now = app.clock.now()
    for account in sample_people(app.settings):
        app.accounts.put(account, Audit("askwell", "account.put", account.login, now))
