"""Guard a data service: what the ledger does not allow is not served, what is served is counted.

`Guard` decides; `guarded` puts it before a function, `GuardedWsgi` and `GuardedAsgi` before a web
application.
"""

from registry.enforcement.asgi import GuardedAsgi
from registry.enforcement.decorator import guarded
from registry.enforcement.guard import Book, Facts, Guard, Question
from registry.enforcement.wsgi import GuardedWsgi

__all__ = ["Book", "Facts", "Guard", "GuardedAsgi", "GuardedWsgi", "Question", "guarded"]
