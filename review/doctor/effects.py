"""Calls that change the world, or whose result is another one the next time."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from review.doctor.asks import ONCE, asks_directly, decorated, helper_of, is_kept, shown
from review.doctor.source import Source
from review.doctor.syntax import argument

_VERBS = r"\.(get|post|put|patch|delete|head|options|request|stream|send|urlopen)"
_CLIENT = r"(requests\.(Session|session)|httpx\.(Async)?Client|aiohttp\.ClientSession|urllib3\.PoolManager)\(\)"
_DATABASE = (
    r"(sqlite3|aiosqlite|psycopg2?|psycopg_pool|asyncpg|pymysql|MySQLdb|oracledb|duckdb|sqlalchemy|pymongo|motor)"
)
_STATEMENTS = r"\.(execute|executemany|executescript|commit|copy_from)"
_DOCUMENTS = r"\.(insert|update|delete|replace)_(one|many)"

# Kind -> what the origin of the called function looks like.
EFFECTS = {
    "clock": r"(datetime\.)?datetime\.(now|utcnow|today)|(datetime\.)?date\.today|time\.time(_ns)?"
    r"|(pendulum|arrow)\.(now|utcnow)|django\.utils\.timezone\.now",
    "random": r"(random|secrets)\.[a-z]\w*|uuid\.uuid[14]|uuid[14]|os\.urandom|(numpy|np)\.random\.\w+(\(\)\.\w+)?",
    "HTTP": rf"(requests|httpx|urllib3){_VERBS}|{_CLIENT}{_VERBS}|urllib\.request\.(urlopen|urlretrieve)"
    rf"|aiohttp\.request",
    "mail": r"smtplib\.SMTP(_SSL)?\(\)\.(send_message|sendmail)|aiosmtplib\.send|(.*\.)?_?send_?(e?mail|sms)(_\w+)?"
    r"|(.*\.)?chat_postMessage",
    "file": r"(.*\.)?(write_text|write_bytes|unlink|to_(csv|excel|parquet|sql))"
    r"|os\.(remove|unlink|rename|replace|rmdir|removedirs|truncate)"
    r"|shutil\.(copy\w*|move|rmtree|make_archive)",
    "process": r"subprocess\.(run|call|check_call|check_output|Popen)|os\.(system|popen)",
    "database": rf"{_DATABASE}\b.*{_STATEMENTS}|{_DATABASE}\b.*{_DOCUMENTS}"
    rf"|(.*\.)?(cursor|cur|conn|connection|db|database|session|engine)(\(\))?{_STATEMENTS}"
    rf"|(.*\.)?(db|database|collection|\w+_collection)(\.\w+)?{_DOCUMENTS}",
    "model": r"(.*\b(Chat[A-Z]\w+|init_chat_model)\(\)|(.*\.)?_?(llm|model|chat_model))(\.\w+\(\))*"
    r"\.(invoke|ainvoke|predict|apredict)|(.*\b)?(OpenAI|Anthropic)\(\)\..*\.create",
}
# What only reads, and may read something else the next time.
READS = (
    r"(.*\.)?(read_text|read_bytes|iterdir|is_file|is_dir|fetchone|fetchall|fetchval|fetchrow|fetchmany|similarity_search)"
    r"|open|input|(.*\.)?retriever\.a?invoke"
    r"|os\.(listdir|scandir|walk|stat)|os\.path\.(exists|isfile|isdir|getmtime|getsize)|glob\.i?glob"
)
_EFFECTS = {kind: re.compile(pattern) for kind, pattern in EFFECTS.items()}
_READS = re.compile(READS)
_OPENS = {"open", "io.open", "codecs.open", "aiofiles.open"}
_WRITING = re.compile(r"[rbt]*[wax+][rbt+]*")
_QUERY = re.compile(r"\s*(select|pragma|explain|show)\b", re.IGNORECASE)

VOLATILE = {"clock", "random", "HTTP", "database", "model"}


@dataclass(frozen=True)
class Effect:
    """kind: a key of `EFFECTS`. told: the call, as a sentence names it."""

    kind: str
    told: str


def effect_of(source: Source, call: ast.Call) -> Effect | None:
    """What the call does itself, or the first thing that a helper of this project does which it calls."""
    kind = _kind(source, call)
    helper = helper_of(source, call)
    if helper is None or decorated(*helper, "task"):
        return Effect(kind, f"`{shown(call)}`") if kind and helper is None else None
    home, function = helper
    inner = home.calls_of(function)
    if any(home.dotted(node.func) in ONCE or asks_directly(home, node) for node in inner):
        return None  # it takes care itself, or is looked at by itself
    for node in inner:
        if found := _kind(home, node):
            return Effect(found, f"`{shown(call)}`, which calls `{shown(node)}` ({home.name}:{node.lineno})")
    return Effect(kind, f"`{shown(call)}`") if kind == "mail" else None


def volatile_call(source: Source, call: ast.Call) -> str | None:
    """The call as a sentence names it, if its result may be another one the next time."""
    if is_kept(source, call):
        return None
    effect = effect_of(source, call)
    if effect and effect.kind in VOLATILE:
        return effect.told
    helper = helper_of(source, call)
    if helper is None:
        return f"`{shown(call)}`" if _reads(source, call) else None
    home, function = helper
    return f"`{shown(call)}`" if any(_reads(home, node) for node in home.calls_of(function)) else None


def _kind(source: Source, call: ast.Call) -> str | None:
    if isinstance(call.func, ast.Name | ast.Attribute) and _writes(source, call):
        return "file"
    origin = source.origin(call.func)
    for kind, pattern in _EFFECTS.items():
        if pattern.fullmatch(origin):
            return None if _is_harmless(origin, call) else kind
    return None


def _is_harmless(origin: str, call: ast.Call) -> bool:
    """A query, and a seed: the same seed gives the same numbers."""
    return origin == "random.seed" or _is_query(call)


def _is_query(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and first.args:  # text("select ...")
        first = first.args[0]
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(_QUERY.match(first.value))


def _writes(source: Source, call: ast.Call) -> bool:
    """`open` in a mode that writes."""
    if source.dotted(call.func) in _OPENS:
        mode = argument(call, 1, "mode")
    elif isinstance(call.func, ast.Attribute) and call.func.attr == "open":
        mode = argument(call, 0, "mode")
    else:
        return False
    return isinstance(mode, ast.Constant) and isinstance(mode.value, str) and bool(_WRITING.fullmatch(mode.value))


def _reads(source: Source, call: ast.Call) -> bool:
    origin = source.origin(call.func)
    return bool(_READS.fullmatch(origin)) or (_is_query(call) and origin.endswith((".execute", ".fetch")))
