"""Every error and finding of the program, read from its source: what it says, and how it tells to mend it.

A message is the call that makes it: `OptionError(what, where=..., mend=...)`, `Finding(what=..., mend=...)`.
What a name stands for is looked up in the function around the call, in its module, and where that function is called
from. A part that is only known in a run is written as the expression that gives it, between angle quotation marks.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from esgscan.report.markdown import escaped

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(__file__).resolve().parent.parent / "esgscan"
KINDS = ("PortfolioError", "OptionError", "ReferenceDataError", "SourceError", "Finding", "Problem")
MOST_WAYS = 24
MOST_WORDS = 3
"""Single words that are written out as a part of a text; more of them are a vocabulary."""
DEEPEST = 6
KNOWN_LATER = re.compile(r"‹.*?›")
WORD = re.compile(r"[A-Za-z]{2}")
REMARKS = ".remarks.append"
TITLES = {
    "PortfolioError": "Errors about a portfolio: `PortfolioError`, exit status 3.",
    "OptionError": "Errors about an option: `OptionError`, exit status 2.",
    "SourceError": "Errors about a publisher: `SourceError`, exit status 4; for files that do not open see above.",
    "ReferenceDataError": "Errors about the packaged data: `ReferenceDataError`, exit status 4.",
    "Finding": "Findings: What a report says about lines and files; the run goes on.",
    "Problem": "Faults of a list: What `esgscan watchlist check` says.",
}
HEAD = """# Every error and finding

All that the program can say of a file, an option, a publisher or a list, taken from its source, with how to mend it.
Words *in italics* stand for what is only known in a run. How errors read, and what the exit statuses mean: [errors and
exit statuses](../errors.md)."""
PASSED_ON = ("‹what›", "‹remark›")
"""Parts that another message said before."""

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one call can say.

    Attributes:
        kind: Class of the error; `Finding`; or `Problem`, a fault of a watchlist.
        severity: Severity of a finding, in each way of saying it.
        what: What is said, one text for each way of saying it.
        mend: How to mend it, likewise.
        place: Module and line of the call.
    """

    kind: str
    severity: tuple[str, ...]
    what: tuple[str, ...]
    mend: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the package: its name, its tree, and the node above each node."""

    name: str
    tree: ast.Module
    above: dict[ast.AST, ast.AST]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the source, from where names are looked up."""

    module: Module
    function: Function | None
    line: int

    def at(self, line: int) -> Spot:
        """Give the same function at another line."""
        return Spot(self.module, self.function, line)


class Catalogue:
    """The source of the package, and what its expressions can read."""

    def __init__(self, package: Path = PACKAGE) -> None:
        self._calls: dict[str, list[tuple[Module, ast.Call]]] = {}
        self._functions: dict[str, list[tuple[Module, Function]]] = {}
        self._tables: dict[str, list[ast.expr]] = {}
        for module in (_parsed(path, package) for path in sorted(package.rglob("*.py"))):
            for node in ast.walk(module.tree):
                for name, table in _tables(node):
                    self._tables.setdefault(name, []).extend(table.values)
                if isinstance(node, ast.Call):
                    self._calls.setdefault(ast.unparse(node.func).rpartition(".")[2], []).append((module, node))
                elif isinstance(node, Function):
                    self._functions.setdefault(node.name, []).append((module, node))

    def messages(self) -> list[Message]:
        """Read every message of the package, in the order of its files."""
        found = [self._message(kind, module, call) for kind in KINDS for module, call in self._calls.get(kind, [])]
        found += [
            self._remark(module, call) for module, call in self._calls["append"] if REMARKS in ast.unparse(call.func)
        ]
        return [one for one in found if one.what]

    def _remark(self, module: Module, call: ast.Call) -> Message:
        """Read a remark of a reader, which becomes a finding as it is."""
        said = filter(None, self.texts(call.args[0], Spot(module, _around(call, module), call.lineno)))
        texts = [f"{text[0].upper()}{text[1:]}." for text in said]
        return Message(
            kind="Finding",
            severity=("info",),
            what=tuple(filter(None, texts)),
            mend=(),
            place=f"{module.name}:{call.lineno}",
        )

    def _message(self, kind: str, module: Module, call: ast.Call) -> Message:
        spot = Spot(module, _around(call, module), call.lineno)
        given = {"what": call.args[0]} if call.args else {}
        given |= {word.arg: word.value for word in call.keywords if word.arg}
        texts = {name: tuple(dict.fromkeys(self.texts(value, spot))) for name, value in given.items()}
        return Message(
            kind=kind,
            severity=tuple(text.strip("‹›").rpartition(".")[2].lower() for text in texts.get("severity", ())),
            what=tuple(text for text in texts.get("what", ()) if text and not _is_passed_on(text)),
            mend=tuple(filter(None, texts.get("mend", ()))),
            place=f"{module.name}:{call.lineno}",
        )

    def texts(self, value: ast.expr, spot: Spot, depth: int = 0) -> list[str]:
        """Give the ways in which an expression can read."""
        if depth > DEEPEST:
            return [_unknown(value)]
        match value:
            case ast.Constant():
                return [str(value.value)]
            case ast.JoinedStr():
                return _joined(self.texts(part, spot, depth + 1) for part in value.values)
            case ast.FormattedValue():
                return self._part(value.value, spot, depth)
            case ast.BinOp(op=ast.Add()):
                return _joined(self.texts(part, spot, depth + 1) for part in (value.left, value.right))
            case ast.IfExp():
                return [text for part in (value.body, value.orelse) for text in self.texts(part, spot, depth + 1)]
            case _:
                return self._looked_up(value, spot, depth)

    def _part(self, value: ast.expr, spot: Spot, depth: int) -> list[str]:
        """Read a part of a text: written out if it speaks, and not if it is a name, a number or one word of many."""
        found = self.texts(value, spot, depth + 1)
        words = [len(WORD.findall(KNOWN_LATER.sub("", text))) for text in found]
        speaks = all(number or not text for number, text in zip(words, found, strict=True))
        is_vocabulary = len(found) > MOST_WORDS and min(words) < MOST_WORDS
        return found if speaks and not is_vocabulary else [_unknown(value)]

    def _looked_up(self, value: ast.expr, spot: Spot, depth: int) -> list[str]:
        """Give the ways in which a name, the answer of a function or a value of a table can read."""
        match value:
            case ast.Name():
                return self._of_name(value, spot, depth)
            case ast.Call(func=ast.Name(id=function)):
                return self._of_answer(value, function, None, spot, depth)
            case ast.Subscript(value=ast.Call(func=ast.Name(id=function)), slice=ast.Constant(value=int(place))):
                return self._of_answer(value, function, place, spot, depth)
            case ast.Subscript(value=ast.Name(id=table)) if options := self._tables.get(table):
                return [text for one in options for text in self.texts(one, spot, depth + 1)]
            case ast.Subscript(value=ast.Subscript(value=ast.Name(id=table)), slice=ast.Constant(value=int(place))):
                options = [_part(one, place) for one in self._tables.get(table, ())]
                return [text for one in options for text in self.texts(one, spot, depth + 1)] or [_unknown(value)]
            case _:
                return [_unknown(value)]

    def _of_name(self, name: ast.Name, spot: Spot, depth: int) -> list[str]:
        """Look a name up: in the function, else as its argument where it is called, else in the module."""
        if spot.function is None:
            return [_unknown(name)]
        above = [one for one in _assigned(name.id, spot.function) if one.lineno <= spot.line]
        if above:
            return [text for one in above for text in self.texts(one, spot.at(one.lineno - 1), depth + 1)]
        given = (*spot.function.args.args, *spot.function.args.kwonlyargs)
        arguments = [one.arg for one in given if one.arg not in ("self", "cls")]
        if name.id in arguments:
            return self._of_argument(name, arguments.index(name.id), spot, depth)
        constants = [one for one in _assigned(name.id, spot.module.tree) if isinstance(one, ast.Constant)]
        return [str(one.value) for one in constants] or [_unknown(name)]

    def _of_argument(self, name: ast.Name, place: int, spot: Spot, depth: int) -> list[str]:
        """Read what an argument is where the function is called."""
        assert spot.function is not None  # noqa: S101 - an argument has a function
        found: list[str] = []
        for module, call in self._calls_of(spot.function.name, spot.module):
            worded = [word.value for word in call.keywords if word.arg == name.id]
            given = worded or call.args[place : place + 1]
            from_there = Spot(module, _around(call, module), call.lineno)
            found += [text for one in given for text in self.texts(one, from_there, depth + 1)]
        return list(dict.fromkeys(found)) or [_unknown(name)]

    def _of_answer(self, value: ast.expr, function: str, place: int | None, spot: Spot, depth: int) -> list[str]:
        """Read what a function answers, or one part of its answer."""
        known = self._functions.get(function, [])
        found: list[str] = []
        for module, node in [one for one in known if one[0] is spot.module] or known[:1]:
            for answer in (one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value):
                found += self.texts(_part(answer, place), Spot(module, node, answer.lineno), depth + 1)
        return list(dict.fromkeys(found)) or [_unknown(value)]

    def _calls_of(self, function: str, module: Module) -> list[tuple[Module, ast.Call]]:
        """Give the calls of a function: those in its module if there are any, since others may be of a namesake."""
        calls = self._calls.get(function, [])
        return [one for one in calls if one[0] is module] or calls


def _parsed(path: Path, package: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = {inner: outer for outer in ast.walk(tree) for inner in ast.iter_child_nodes(outer)}
    return Module(".".join(path.relative_to(package.parent).with_suffix("").parts), tree, above)


def _around(node: ast.AST, module: Module) -> Function | None:
    """Give the innermost function around a node."""
    outer: ast.AST | None = node
    while outer is not None and not isinstance(outer, Function):
        outer = module.above.get(outer)
    return outer


def _assigned(name: str, place: ast.AST) -> list[ast.expr]:
    """Give the expressions that a name is set to, one by one where several names are set at once."""
    found: list[ast.expr] = []
    for node in ast.walk(place):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found += _of_target(target, node.value, name)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            found += _of_target(node.target, node.value, name)
    return found


def _of_target(target: ast.expr, value: ast.expr, name: str) -> list[ast.expr]:
    if isinstance(target, ast.Name):
        return [value] if target.id == name else []
    places = target.elts if isinstance(target, ast.Tuple) else []
    return [_part(value, n) for n, one in enumerate(places) if isinstance(one, ast.Name) and one.id == name]


def _tables(node: ast.AST) -> list[tuple[str, ast.Dict]]:
    """Give the table that a line of a module sets, with its name."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return [(one.id, value) for one in targets if isinstance(one, ast.Name) and isinstance(value, ast.Dict)]


def _part(value: ast.expr, place: int | None) -> ast.expr:
    """Give one part of what is several things at once."""
    if place is None:
        return value
    if isinstance(value, ast.Tuple) and place < len(value.elts):
        return value.elts[place]
    return ast.copy_location(ast.Subscript(value=value, slice=ast.Constant(value=place)), value)


def _joined(parts: Iterable[list[str]]) -> list[str]:
    return ["".join(chosen) for chosen in islice(product(*parts), MOST_WAYS)]


def _is_passed_on(text: str) -> bool:
    """Whether a text says nothing of its own, and what another message said."""
    return any(part in text for part in PASSED_ON) and not WORD.search(KNOWN_LATER.sub("", text))


def _unknown(value: ast.expr) -> str:
    """Stand for what is only known in a run: by its name if it has one."""
    match value:
        case ast.Name():
            name = value.id
        case ast.Attribute():
            name = value.attr if value.attr != "name" else "the name"
        case ast.Call(func=ast.Name(id="str"), args=[ast.Name() as inner]):
            name = inner.id
        case ast.Call(func=ast.Name(id="len")):
            name = "a number"
        case ast.Subscript(value=ast.Name() as inner):
            name = inner.id
        case _:
            name = "..."
    return f"‹{name.strip('_').replace('_', ' ')}›"


def messages_page() -> str:
    """Write the page of every message: by class, each with how to mend it."""
    found = Catalogue().messages()
    groups = [part for kind, words in TITLES.items() for part in _group(words, [m for m in found if m.kind == kind])]
    return "\n\n".join([HEAD, *groups]) + "\n"


def _group(words: str, found: list[Message]) -> list[str]:
    title, _, about = words.partition(": ")
    return [f"## {title}", about, "\n".join(sorted({_item(one) for one in found}, key=str.casefold))]


def _item(message: Message) -> str:
    """Write one message: each way of saying it, and each way to mend it."""
    severity = f" *{', '.join(dict.fromkeys(message.severity))}*" if message.severity else ""
    said = "<br>".join(_words(text) for text in message.what)
    mends = "; or ".join(_words(text) for text in message.mend)
    return f"- {said}{severity}" + (f"<br>**mend:** {mends}" if mends else "")


def _words(text: str) -> str:
    """Write a text with what is only known in a run in italics."""
    return KNOWN_LATER.sub(lambda found: f"<em>{found[0][1:-1]}</em>", escaped(text))
