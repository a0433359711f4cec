"""Where `interrupt` and `Command` come from, and how savers are opened."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from review.doctor.asks import shown
from review.doctor.findings import Finding, Rule
from review.doctor.source import Source

RIGHT = "langgraph.types"
NAMES = ("interrupt", "Command")
ENTERS = ("enter_context", "enter_async_context", "closing", "aclosing")

WRONG_PLACE = Rule(
    "wrong import",
    f"LangGraph's public home of it is {RIGHT}. Elsewhere it is missing, so that the import fails, or it is a private "
    "detail that the next release may move.",
    f"Write `from {RIGHT} import interrupt, Command`.",
)
NOT_ENTERED = Rule(
    "saver not opened",
    "`from_conn_string` gives a context manager and not a saver, so that compiling with it, or the first run, fails.",
    "Write `with SqliteSaver.from_conn_string(...) as saver:` (`async with` for an asynchronous one), compile and run "
    "the graph inside, or make the saver from a connection: `SqliteSaver(sqlite3.connect(...))`.",
)


def wrong_place(source: Source) -> Iterator[Finding]:
    """`from langgraph.graph import interrupt`, and `langgraph.graph.interrupt(...)`."""
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and not node.level and _is_langgraph(node.module or ""):
            for name in (each.name for each in node.names if each.name in NAMES and node.module != RIGHT):
                yield WRONG_PLACE.at(source, node, f"`{name}` is imported from `{node.module}`.")
        elif isinstance(node, ast.Attribute) and node.attr in NAMES and isinstance(node.ctx, ast.Load):
            place = source.dotted(node.value)
            if place.split(".")[0] == "langgraph" and place != RIGHT and "(" not in place:
                yield WRONG_PLACE.at(source, node, f"`{shown(node)}` is taken from `{place}`.")


def not_entered(source: Source) -> Iterator[Finding]:
    for call in source.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "from_conn_string":
            continue
        if source.dotted(call.func.value).endswith(("Saver", "Store")) and not _is_entered(source, call):
            yield NOT_ENTERED.at(source, call, f"`{shown(call)}` is used without `with`.")


def _is_langgraph(module: str) -> bool:
    return module.split(".")[0] in ("langgraph", "langchain", "langchain_core")


def _is_entered(source: Source, node: ast.expr) -> bool:
    match source.parents.get(node):
        case ast.withitem() | ast.Return() | ast.Yield():
            return True
        case ast.Attribute(attr="__enter__" | "__aenter__"):
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in ENTERS:
            return True
        case ast.IfExp() as choice:
            return _is_entered(source, choice)
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]):
            return any(_is_entered(source, use) for use in _uses(source, target))
    return False


def _uses(source: Source, target: ast.expr) -> Iterator[ast.expr]:
    """Where the name is read, with the same spelling, anywhere in the file."""
    text = ast.unparse(target)
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and ast.unparse(node) == text:
            yield node


RULES = (wrong_place, not_entered)
