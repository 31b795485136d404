"""Forms of the gate's pages, one module an area."""

from .callers import CallerIdForm
from .dnc import DncAddForm, DncRemoveForm, DncSearchForm

__all__ = ["CallerIdForm", "DncAddForm", "DncRemoveForm", "DncSearchForm"]
