"""Find what can be changed in a Python module, and put the changes into its syntax tree, asleep.

Changed are comparisons, arithmetic, logic, conditions, constants, slices, what is returned and
raised, and statements (dropped). Annotations, decorators, docstrings and what stands for type
checkers alone are left as they are.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from assurance.mutation.mutant import Mutant, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LIVE: Final = "_live_mutants"
"""The name, in every module, of the set of those that were called up."""

_COMPARED: Final[Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_COMPUTED: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
_NAMED: Final = {"min": "max", "max": "min", "all": "any", "any": "all"}
_FOR_TYPES: Final = ("cast", "TypeVar", "NewType", "ParamSpec", "TypeVarTuple")
_SILENT: Final = ("__all__", "__slots__", "__match_args__")

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold a mutant, and what stands in the syntax tree for it.

    :ivar loading: whether it lies in what runs when the module is loaded.
    """

    mutant: Mutant
    loading: bool


@dataclass
class _Weaver(ast.NodeTransformer):
    """Collects the changes of a module, and weaves in those that have a number."""

    path: str
    source: str
    numbers: Mapping[tuple[str, ...], int]
    probe: str = ""
    found: list[Mutant] = field(default_factory=list)
    loads: list[bool] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    depth: int = 0
    starts: list[int] = field(default_factory=list)
    encoded: bytes = b""

    def __post_init__(self) -> None:
        at = 0
        self.encoded = self.source.encode()
        for line in self.encoded.splitlines(keepends=True):
            self.starts.append(at)
            at += len(line)

    # What there is to change

    def changes(self, node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        """Yield what can stand for an expression, and what kind of change that is."""
        match node:
            case ast.Compare():
                yield from self._compared(node)
            case ast.BinOp() if not any(map(_textual, (node.left, node.right))):
                yield from _computed(node)
            case ast.BoolOp():
                other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield "other connective", ast.BoolOp(op=other, values=node.values)
            case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
                yield "no sign", node.operand
            case ast.Constant():
                yield from _constant(node)
            case ast.IfExp():
                for truth in (True, False):
                    changed = ast.IfExp(ast.Constant(truth), node.body, node.orelse)
                    yield f"condition {truth}", changed
            case _:
                yield from _collected(node)

    def _compared(self, node: ast.Compare) -> Iterator[tuple[str, ast.expr]]:
        for index, sign in enumerate(node.ops):
            for other in _COMPARED[type(sign)]:
                ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                name = f"{type(sign).__name__} → {other.__name__}"
                yield name, ast.Compare(node.left, ops, node.comparators)

    def statements(self, node: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
        """Yield what can stand for a statement."""
        match node:
            case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
                yield "no statement", ast.Pass()
            case ast.Raise():
                yield "no raise", ast.Pass()
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                yield "return None", ast.Return(ast.Constant(None))
            case ast.AugAssign():
                yield "no statement", ast.Pass()
                other = _COMPUTED[type(node.op)]() if type(node.op) in _COMPUTED else node.op
                yield "other operator", ast.AugAssign(node.target, other, node.value)
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Delete():
                yield "no statement", ast.Pass()
            case _:
                yield from _led(node)

    # How they are put in

    def _span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        end = self.starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        return self.starts[node.lineno - 1] + node.col_offset, end

    def _text(self, start: int, end: int) -> str:
        return self.encoded[start:end].decode()

    def _numbered(self, node: ast.stmt | ast.expr, kind: str, new: ast.AST) -> int | None:
        start, end = self._span(node)
        if isinstance(node, ast.If):
            # The condition says enough.
            old = "if " + self._text(*self._span(node.test))
            shown = "if True" if kind.endswith("True") else "if False"
        else:
            old, shown = self._text(start, end), ast.unparse(new)
        mutant = Mutant(
            path=self.path,
            line=node.lineno,
            place=".".join(self.places),
            operator=kind,
            start=start,
            end=end,
            old=old,
            new=shown,
        )
        repeated = self.seen.get(mutant.key, 0)
        self.seen[mutant.key] = repeated + 1
        self.found.append(mutant)
        self.loads.append(self.depth == 0)
        key = (*mutant.key, str(repeated)) if repeated else mutant.key
        return self.numbers.get(key)

    def visit(self, node: ast.AST) -> ast.AST:
        """Go on below a node, and put in what was chosen there."""
        chosen: list[tuple[int, ast.AST]] = []
        if isinstance(node, ast.stmt | ast.expr):
            options: Iterator[tuple[str, ast.AST]] = (
                self.statements(node) if isinstance(node, ast.stmt) else self.changes(node)
            )
            for kind, new in options:
                number = self._numbered(node, kind, new)
                if number is not None:
                    chosen.append((number, copy.deepcopy(new)))
        woven: ast.AST = super().visit(node)
        for number, new in chosen:
            woven = _either(number, new, woven, node)
        return woven

    def _inside(self, node: ast.AST, name: str, *, function: bool) -> None:
        self.places.append(name)
        self.depth += function
        body = node.body  # type: ignore[attr-defined]
        if isinstance(body, list):
            kept = 1 if _documented(body) else 0
            body[kept:] = [self.visit(one) for one in body[kept:]]
            if function and self.probe:
                body.insert(kept, ast.Expr(_asked(self.probe)))
        else:
            node.body = self.visit(body)  # type: ignore[attr-defined]
        self.depth -= function
        self.places.pop()

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Leave the docstring, and what comes before everything else."""
        kept = 1 if _documented(node.body) else 0
        node.body[kept:] = [self.visit(one) for one in node.body[kept:]]  # type: ignore[misc]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Leave decorators and bases."""
        self._inside(node, node.name, function=False)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Go into the defaults and the body."""
        self._defaults(node.args)
        self._inside(node, node.name, function=True)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        """Go into the defaults and the body."""
        self._defaults(node.args)
        self._inside(node, node.name, function=True)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        """Go into the defaults and the expression."""
        self._defaults(node.args)
        probe, self.probe = self.probe, ""
        self._inside(node, "lambda", function=True)
        self.probe = probe
        return node

    def _defaults(self, given: ast.arguments) -> None:
        given.defaults = [self.visit(one) for one in given.defaults]  # type: ignore[misc]
        given.kw_defaults = [one and self.visit(one) for one in given.kw_defaults]  # type: ignore[misc]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        """Leave the annotation, and what only names are listed in."""
        if node.value is not None and not _silent(node.target):
            node.value = self.visit(node.value)  # type: ignore[assignment]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.Assign:
        """Leave what only names are listed in."""
        if not any(map(_silent, node.targets)):
            node.targets = [self.visit(one) for one in node.targets]  # type: ignore[misc]
            node.value = self.visit(node.value)  # type: ignore[assignment]
        return node

    def visit_If(self, node: ast.If) -> ast.If:
        """Leave what stands for type checkers."""
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.generic_visit(node)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """Leave the docstrings of values."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Leave what tells type checkers something."""
        if not (isinstance(node.func, ast.Name) and node.func.id in _FOR_TYPES):
            self.generic_visit(node)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        """Leave the pattern, which holds no expressions."""
        if node.guard is not None:
            node.guard = self.visit(node.guard)  # type: ignore[assignment]
        node.body = [self.visit(one) for one in node.body]  # type: ignore[misc]
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        """Go into what is filled in alone."""
        for one in node.values:
            if isinstance(one, ast.FormattedValue):
                one.value = self.visit(one.value)  # type: ignore[assignment]
        return node


def _asked(number: int | str) -> ast.Compare:
    return ast.Compare(ast.Constant(number), [ast.In()], [ast.Name(LIVE, ast.Load())])


def _either(number: int, new: ast.AST, old: ast.AST, at: ast.AST) -> ast.AST:
    """Return what is the one where the mutant was called up, and else the other."""
    if isinstance(new, ast.stmt) and isinstance(old, ast.stmt):
        return ast.copy_location(ast.If(_asked(number), [new], [old]), at)
    if isinstance(new, ast.expr) and isinstance(old, ast.expr):
        return ast.copy_location(ast.IfExp(_asked(number), new, old), at)
    raise TypeError(f"{ast.dump(new)} cannot stand for {ast.dump(old)}")


def _collected(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _NAMED:
            yield f"{name} → {_NAMED[name]}", _called(node, _NAMED[name])
        case ast.Subscript(slice=ast.Slice() as cut, ctx=ast.Load()):
            yield from _sliced(node, cut)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _unfiltered(node)


def _led(node: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    match node:
        case ast.Break():
            yield "continue", ast.Continue()
        case ast.Continue():
            yield "break", ast.Break()
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.If():
            for truth in (True, False):
                changed = ast.If(ast.Constant(truth), node.body, node.orelse)
                yield f"condition {truth}", changed
        case ast.While():
            yield "condition False", ast.Pass()


def _computed(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    other = _COMPUTED.get(type(node.op))
    if other is not None:
        name = f"{type(node.op).__name__} → {other.__name__}"
        yield name, ast.BinOp(node.left, other(), node.right)


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    match node.value:
        case bool(truth):
            yield "other truth", ast.Constant(not truth)
        case int(number):
            yield "number + 1", ast.Constant(number + 1)
        case str(text):
            yield "other text", ast.Constant(f"XX{text}XX")
        case bytes(content):
            yield "other bytes", ast.Constant(b"XX" + content + b"XX")


def _called(node: ast.Call, name: str) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), node.args, node.keywords)


def _sliced(node: ast.Subscript, cut: ast.Slice) -> Iterator[tuple[str, ast.expr]]:
    if cut.lower is not None:
        open_below = ast.Slice(None, cut.upper, cut.step)
        yield "open slice", ast.Subscript(node.value, open_below, node.ctx)
    if cut.upper is not None:
        open_above = ast.Slice(cut.lower, None, cut.step)
        yield "open slice", ast.Subscript(node.value, open_above, node.ctx)


def _unfiltered(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> Iterator[tuple[str, ast.expr]]:
    for index, part in enumerate(node.generators):
        if part.ifs:
            changed = copy.deepcopy(node)
            changed.generators[index].ifs = []
            yield "no filter", changed


def _textual(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _silent(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id in _SILENT


def _documented(body: Sequence[ast.stmt]) -> bool:
    match body[:1]:
        case [ast.Expr(value=ast.Constant(value=str()))]:
            return True
    return False


def changes(path: str, source: str) -> list[Change]:
    """Return all changes of a module."""
    weaver = _Weaver(path=path, source=source, numbers={})
    weaver.visit_Module(ast.parse(source))
    mutants = told_apart(weaver.found)
    return [
        Change(mutant=mutant, loading=loading)
        for mutant, loading in zip(mutants, weaver.loads, strict=True)
    ]


def woven(
    path: str, source: str, numbers: Mapping[tuple[str, ...], int], *, probe: str = ""
) -> ast.Module:
    """Return the syntax tree of a module with these mutants in it, by their keys.

    :param probe: is asked for in the set of the living at the beginning of each function.
    """
    weaver = _Weaver(path=path, source=source, numbers=numbers, probe=probe)
    return ast.fix_missing_locations(weaver.visit_Module(ast.parse(source)))
