"""Take in a file of a list by page: it is kept, and loaded in the background."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import User

from ..choices import VersionStatus
from ..lists import files
from ..lists.problems import BadFile
from ..lists.versions import check_date, next_number
from ..models import DncList, DncVersion

MEGABYTE = 1024 * 1024


def keep_upload(name: str, chunks: Iterable[bytes]) -> Path:
    """Write an upload to disk under a name of ours. Raises ``BadFile`` where it is too large; keeps nothing then."""
    path = files.uploads() / name
    size = 0
    try:
        with path.open("xb") as kept:
            path.chmod(files.FILE_MODE)
            for chunk in chunks:
                size += len(chunk)
                if size > settings.LIST_MAX_BYTES:
                    most = settings.LIST_MAX_BYTES // MEGABYTE
                    raise BadFile(f"The file is larger than {most:,} MB. Load it with manage.py dnc load.")
                kept.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def stage_upload(
    dnc_list: DncList, user: User, source_name: str, chunks: Iterable[bytes], as_of: date, accept_shrink: bool
) -> DncVersion:
    """A version that waits to be loaded. ``source_name`` is only shown, never used as a path. Raises ``BadFile``."""
    check_date(as_of)
    path = keep_upload(files.new_name(dnc_list.pk, "upload"), chunks)
    with transaction.atomic():
        DncList.objects.select_for_update().get(pk=dnc_list.pk)
        return DncVersion.objects.create(
            dnc_list=dnc_list,
            number=next_number(dnc_list),
            status=VersionStatus.STAGED,
            as_of=as_of,
            fresh_as_of=as_of,
            upload=path.name,
            accept_shrink=accept_shrink,
            bytes_total=path.stat().st_size,
            source_name=Path(source_name).name[:200],
            created_by=user,
        )
