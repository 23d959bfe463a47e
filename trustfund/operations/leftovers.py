"""Files that a server left when it was killed between keeping an upload and writing its row: nobody can reach them."""

from datetime import datetime

from sqlalchemy import select, union_all

from trustfund.extensions import db
from trustfund.models.applications import Document
from trustfund.models.contributions import Letter
from trustfund.models.statements import StatementUpload
from trustfund.services import storage

SETTLED, STRANGE = 3600, 24 * 3600
"""Seconds after which a file has its row or never gets one; and after which nothing is taken for a leftover any more:
a server that was started over another database by mistake shall not empty the storage."""
KINDS = (Document, Letter, StatementUpload)
"""What has a row for each of its files."""
LATEST = 50  # rows of a kind


def remove(at: datetime) -> int:
    """The worker looks at one folder of the storage each minute, so at each within five hours."""
    return remove_in(int(at.timestamp()) // 60 % storage.FOLDERS)


def remove_in(folder: int) -> int:
    """Take away what lies in a folder of the storage without a row; how many files.

    Only what was written before a file that the database names: one that is another fund's, or was set back, does not
    know of the files that came since, and they are no leftovers.
    """
    found = storage.lying_in(folder, SETTLED, STRANGE)
    named = [select(kind.stored).where(kind.stored.in_(found)) for kind in KINDS]
    without = found.keys() - set(db.session.scalars(union_all(*named))) if found else set()
    known = _last_known() if without else 0
    left = [stored for stored in without if found[stored] < known]
    for stored in left:
        storage.remove(stored)
    return len(left)


def _last_known() -> float:
    """When the youngest file was written that lies in the storage and has a row; 0 if none does."""
    latest = [select(kind.stored).where(kind.stored != "").order_by(kind.id.desc()).limit(LATEST) for kind in KINDS]
    return max((storage.written(stored) for asked in latest for stored in db.session.scalars(asked)), default=0)
