"""Load what was uploaded by page."""

from __future__ import annotations

from ..choices import VersionStatus
from ..lists import files
from ..lists.problems import BadFile
from ..models import DncVersion
from .load_list import run_load
from .recover_list import recover_before_load


def load_staged(version_id: int) -> bool:
    """Whether the version came into force; where not, it tells why. A second run of the same does nothing.

    Raises ``Busy`` where the list is being loaded or changed: try again later.
    """
    version = DncVersion.objects.select_related("dnc_list__organisation", "dnc_list__current").get(
        pk=version_id
    )
    with files.only_writer(version.dnc_list_id):
        recover_before_load(version.dnc_list)
        waiting = DncVersion.objects.filter(pk=version_id, status=VersionStatus.STAGED)
        if not waiting.update(status=VersionStatus.LOADING):
            return False
        version.refresh_from_db()
        upload = files.uploads() / version.upload
        try:
            run_load(version, upload, version.created_by or "page", version.accept_shrink)
        except BadFile:
            return False
        finally:
            upload.unlink(missing_ok=True)
    return True
