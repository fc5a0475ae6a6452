"""The jobs of photos."""

from django_tasks import task

from cunjing.photos.actions import tidy


@task()
def tidy_photos() -> int:
    """Remove contents that no photo shows and uploads nobody goes on with; returns how many."""
    return tidy()
