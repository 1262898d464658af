"""What may no source file do that an import contract cannot see? Each rule with a file that breaks it."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.architecture.sources import Function, Source, dotted

type Check = Callable[[Source], Iterator[str]]

NAMES_THAT_SAY_NOTHING = {"data", "info", "manager", "helper", "helpers", "utils", "common", "base", "misc"}
DECISIONS = {"services", "selectors", "flows"}
WEB = ("django.http", "django.shortcuts", "django.urls", "django.views")
WIRE = {"ftplib", "http.client", "poplib", "smtplib", "socket", "telnetlib", "urllib.request"}
# Django looks for a database's backend in a file of this name; its tests mirror it.
IMPOSED_FILES = {"backend/kit/postgresql/base.py", "tests/integration/kit/postgresql/test_base.py"}
HTTP_METHODS = {"get", "post", "put", "patch", "delete", "head", "options"}
BETWEEN_APPS = {"errors", "rules", "selectors", "services"}
SELECTOR_VERBS = ("get_", "list_", "is_", "has_", "count_")

RAW_SQL_PLACES = {
    "backend/apps/audit/services.py",
    "backend/apps/idempotency/services.py",
    "backend/apps/seeds/selectors.py",
    "backend/apps/seeds/services/volume.py",
    "backend/kit/api/health.py",
    "backend/kit/management/commands/migrate_once.py",
    "backend/kit/statements.py",
}


@dataclass(frozen=True)
class Rule:
    says: str
    check: Check
    folders: tuple[str, ...]
    violation: Source

    def __str__(self) -> str:
        return self.says


RULES: list[Rule] = []


def rule(says: str, *, breaks: str, at: str, folders: tuple[str, ...] = ("backend",)) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        RULES.append(Rule(says, check, folders, Source(at, breaks)))
        return check

    return register


@rule(
    "every module says what may be asked of it",
    breaks="X = 1",
    at="backend/kit/x.py",
    folders=("backend", "scripts", "tests"),
)
def has_docstring(source: Source) -> Iterator[str]:
    is_empty_package = source.path.endswith("__init__.py") and not source.text.strip()
    is_mirror = source.path.startswith(("tests/integration/", "tests/unit/")) and "/test_" in source.path
    if not ast.get_docstring(source.tree) and not is_empty_package and not is_mirror:
        yield source.path


@rule("an app's own file only says whose matter it is", breaks='"""X."""\nimport os', at="backend/apps/x/__init__.py")
def holds_a_docstring_only(source: Source) -> Iterator[str]:
    if source.app and source.room == "__init__" and (len(source.tree.body) != 1 or not ast.get_docstring(source.tree)):
        yield source.path


@rule(
    "imports stand at the top, but those of AppConfig.ready",
    breaks="def f():\n    import os",
    at="backend/kit/x.py",
    folders=("backend", "scripts", "tests"),
)
def imports_at_the_top(source: Source) -> Iterator[str]:
    ready = {function for _, function in source.methods() if function.name == "ready" and source.room == "apps"}
    for function in set(source.functions()) - ready:
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.at(node)


@rule(
    "no file or class has a name that says nothing",
    breaks="class DataHelper: ...",
    at="backend/kit/x.py",
    folders=("backend", "scripts", "tests", "services"),
)
def names_say_something(source: Source) -> Iterator[str]:
    stems = re.split(r"[/_.]", source.path)
    if NAMES_THAT_SAY_NOTHING & set(stems) and source.path not in IMPOSED_FILES:
        yield source.path
    for node in source.nodes(ast.ClassDef):
        words = {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}
        # What Django calls a manager we do too.
        imposed = {"manager"} if any(dotted(base).endswith("Manager") for base in _parents(node)) else set()
        if NAMES_THAT_SAY_NOTHING & (words - imposed):
            yield source.at(node)


@rule(
    "raw SQL stands in few places, each with its reason",
    breaks="def f():\n    connection.cursor().execute('SELECT 1')",
    at="backend/apps/seeds/selectors.py",
)
def raw_sql_has_a_reason(source: Source) -> Iterator[str]:
    for node in raw_sql(source):
        if source.path not in RAW_SQL_PLACES or not _has_reason(source, node, "Raw SQL: "):
            yield source.at(node)


@rule("work is sent by kit.queue alone", breaks="task.apply_async(kwargs={})", at="backend/apps/x/services.py")
def sends_through_the_queue(source: Source) -> Iterator[str]:
    if source.path != "backend/kit/queue.py":
        yield from _calls(source, "delay", "apply_async", "send_task")


@rule("rows are locked in services alone", breaks="X.objects.select_for_update()", at="backend/apps/x/selectors.py")
def locks_in_services(source: Source) -> Iterator[str]:
    if source.room != "services":
        yield from _calls(source, "select_for_update")


@rule(
    # Who inserts a row that refers to the locked one has the audit log's chain locked while the reference is checked.
    "locks let foreign keys be checked, else writers wait for each other in a ring",
    breaks="X.objects.select_for_update().get()",
    at="backend/apps/x/services.py",
)
def locks_no_keys(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.Call):
        is_lock = isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"
        if is_lock and "no_key" not in {word.arg for word in node.keywords}:
            yield source.at(node)


@rule(
    "transactions are opened by services and the kit",
    breaks="with transaction.atomic(): ...",
    at="backend/apps/x/flows.py",
)
def opens_transactions_in_services(source: Source) -> Iterator[str]:
    if source.room != "services" and not source.path.startswith("backend/kit/"):
        yield from (source.at(node) for node in source.nodes(ast.Attribute) if node.attr == "atomic")


@rule(
    "a service joins the transaction that its caller opened",
    breaks='@transaction.atomic\ndef cancel(*, at):\n    """Cancel."""',
    at="backend/apps/x/services.py",
)
def joins_transactions(source: Source) -> Iterator[str]:
    for function in _public_decisions(source):
        yield from (source.at(node) for node in function.decorator_list if dotted(node) == "transaction.atomic")


@rule("what follows a commit is the kit's matter", breaks="transaction.on_commit(f)", at="backend/apps/x/services.py")
def hooks_commits_in_the_kit(source: Source) -> Iterator[str]:
    if not source.path.startswith("backend/kit/"):
        yield from (source.at(node) for node in source.nodes(ast.Attribute) if node.attr == "on_commit")


@rule(
    "apps ask each other through services and selectors",
    breaks="from apps.users import serializers",
    at="backend/apps/organizations/views.py",
)
def asks_other_apps_politely(source: Source) -> Iterator[str]:
    for node, module in _imports(source):
        match module.split("."):
            case ["apps", app, room, *_] if source.app and app != source.app and room not in BETWEEN_APPS:
                yield source.at(node)


@rule("decisions and answers know no HTTP", breaks="from django.http import Http404", at="backend/apps/x/services.py")
def knows_no_http(source: Source) -> Iterator[str]:
    if source.room in {*DECISIONS, "models", "rules"}:
        yield from (source.at(node) for node, module in _imports(source) if module.startswith(WEB))


@rule("sockets are opened by kit.http alone", breaks="from urllib.request import urlopen", at="backend/kit/x.py")
def opens_no_socket(source: Source) -> Iterator[str]:
    # The two files beside the packages run before there is a kit, or in its place.
    if source.path.count("/") > 1 and source.path != "backend/kit/http.py":
        for node, module in _imports(source):
            if any(f"{module}.".startswith(f"{wire}.") for wire in WIRE):
                yield source.at(node)


@rule(
    "services, selectors and flows are called by keyword",
    breaks='def cancel(subscription, *, at):\n    """Cancel."""',
    at="backend/apps/x/services.py",
)
def is_called_by_keyword(source: Source) -> Iterator[str]:
    for function in _public_decisions(source):
        if function.args.args or function.args.posonlyargs or function.args.vararg:
            yield source.at(function)


@rule(
    "services, selectors, flows and clients say what they will do",
    breaks="def cancel(*, at): ...",
    at="backend/apps/x/services.py",
)
def says_what_it_will_do(source: Source) -> Iterator[str]:
    for function in _public_decisions(source):
        if not ast.get_docstring(function):
            yield source.at(function)


@rule("a selector's name tells its answer", breaks='def members(): """Hm."""', at="backend/apps/x/selectors.py")
def tells_its_answer(source: Source) -> Iterator[str]:
    if source.room == "selectors":
        yield from (source.at(f) for f in _public_decisions(source) if not f.name.startswith(SELECTOR_VERBS))


@rule(
    "every view method documents itself",
    breaks="class V:\n    @extend_schema(summary='X')\n    def get(self): ...",
    at="backend/apps/x/views.py",
)
def documents_itself(source: Source) -> Iterator[str]:
    for method in view_methods(source):
        schemas = [node for node in method.decorator_list if isinstance(node, ast.Call)]
        given = {word.arg for node in schemas if dotted(node.func) == "extend_schema" for word in node.keywords}
        if not {"operation_id", "summary", "responses"} <= given:
            yield source.at(method)


@rule(
    "a view calls one service, selector or flow",
    breaks="class V:\n    def post(self):\n        services.a()\n        services.b()",
    at="backend/apps/x/views.py",
)
def calls_one(source: Source) -> Iterator[str]:
    for method in view_methods(source):
        calls = (dotted(node.func).split(".")[0] for node in ast.walk(method) if isinstance(node, ast.Call))
        if sum(name in DECISIONS for name in calls) != 1:
            yield source.at(method)


@rule(
    "ModelSerializer for models, Serializer for the rest",
    breaks="class S(serializers.Serializer):\n    class Meta:\n        model = X",
    at="backend/apps/x/serializers.py",
)
def shapes_models_by_model_serializers(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.ClassDef):
        if source.room == "serializers" and node.name != "Meta":
            metas = [inner for inner in node.body if isinstance(inner, ast.ClassDef) and inner.name == "Meta"]
            of_model = any("model" in {dotted(t) for a in _assigns(meta) for t in a.targets} for meta in metas)
            parents = {dotted(parent).rpartition(".")[2] for parent in _parents(node)}
            if parents != {"ModelSerializer" if of_model else "Serializer"}:
                yield source.at(node)


@rule(
    "whoever silences a tool says why",
    breaks="import os  # noqa: F401",
    at="backend/kit/x.py",
    folders=("backend", "scripts", "tests"),
)
def says_why_it_silences(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.lines):
        silenced = re.search(r"#\s*(?:noqa\b(?::\s*[A-Z0-9, ]+\d)?|type: ignore\b(?:\[.*?\])?)(.*)$", line)
        above = "".join(source.lines[max(0, number - 2) : number])
        if silenced and not silenced[1].strip() and "# " not in above:
            yield f"{source.path}:{number + 1}"


@rule("only the clock silences the law of time", breaks="X = time.time()  # noqa: TID251  # so", at="backend/kit/x.py")
def obeys_the_clock(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.lines, 1):
        if re.search(r"noqa:.*(TID251|DTZ)", line):
            yield f"{source.path}:{number}"


def raw_sql(source: Source) -> Iterator[ast.Call]:
    for node in source.nodes(ast.Call):
        name = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        last = name.rpartition(".")[2]
        if last in {"cursor", "preparing_cursor", "raw", "extra", "RawSQL", "RunSQL"} or name.endswith("cursor.copy"):
            yield node


def view_methods(source: Source) -> Iterator[Function]:
    if source.room == "views":
        yield from (method for _, method in source.methods() if method.name in HTTP_METHODS)


def _parents(node: ast.ClassDef) -> list[ast.expr]:
    return [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]


def _assigns(node: ast.ClassDef) -> Iterator[ast.Assign]:
    return (statement for statement in node.body if isinstance(statement, ast.Assign))


def _calls(source: Source, *names: str) -> Iterator[str]:
    for node in source.nodes(ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield source.at(node)


def _imports(source: Source) -> Iterator[tuple[ast.stmt, str]]:
    for node in source.nodes(ast.Import):
        yield from ((node, alias.name) for alias in node.names)
    for origin in source.nodes(ast.ImportFrom):
        yield from ((origin, f"{origin.module}.{alias.name}") for alias in origin.names)


def _public_decisions(source: Source) -> Iterator[Function]:
    if source.room in DECISIONS or source.path.startswith("backend/clients/"):
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield node


def _has_reason(source: Source, node: ast.expr, start: str) -> bool:
    near = source.lines[max(0, node.lineno - 4) : node.lineno + 1]
    return any(line.strip().startswith(f"# {start}") for line in near)
