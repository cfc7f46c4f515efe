"""Find what can be changed in a contract, from the compiler's syntax tree.

Changed are comparisons, arithmetic, bits and logic, conditions, numbers and truths, members of
enumerations, the order of arguments, statements and modifiers (dropped), and the same in assembly.
A change that the compiler refuses is found out later and counts as invalid.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from assurance.mutation.mutant import Mutant, told_apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Node = dict[str, Any]

EXPRESSION: Final = "expression"
STATEMENT: Final = "statement"
MODIFIER: Final = "modifier"
YUL_EXPRESSION: Final = "assembly expression"
YUL_STATEMENT: Final = "assembly statement"

_SWAPPED: Final = {
    "<": ("<=", ">"),
    "<=": ("<", ">"),
    ">": (">=", "<"),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "%": ("/",),
    "**": ("*",),
    "&": ("|",),
    "|": ("&",),
    "^": ("&",),
    "<<": (">>",),
    ">>": ("<<",),
    "+=": ("-=",),
    "-=": ("+=",),
    "|=": ("&=",),
    "&=": ("|=",),
    "<<=": (">>=",),
    ">>=": ("<<=",),
    "*=": ("/=",),
    "/=": ("*=",),
    "++": ("--",),
    "--": ("++",),
}
_YUL_SWAPPED: Final = {
    "add": "sub",
    "sub": "add",
    "mul": "div",
    "div": "mul",
    "mod": "div",
    "lt": "gt",
    "gt": "lt",
    "eq": "lt",
    "and": "or",
    "or": "and",
    "xor": "and",
    "shl": "shr",
    "shr": "shl",
    "iszero": "not",
    "byte": "shr",
}
_YUL_EFFECTS: Final = re.compile(r"\b(call|staticcall|delegatecall|create2?|gas)\(")
_SCALAR: Final = re.compile(
    r"(bool|u?int\d*|bytes\d+|address(?: payable)?|contract .*|enum .*|[A-Z]\w*)$"
)
_WHOLE: Final = re.compile(r"int_const (\d+)$")
_DROPPED: Final = ("Assignment", "FunctionCall", "UnaryOperation")
_INHERITED: Final = {"restricted": "_checkCanCall(_msgSender(), _msgData());"}
"""What modifiers of OpenZeppelin do."""
_TYPES: Final = (
    *("ElementaryTypeName", "ArrayTypeName", "Mapping", "UserDefinedTypeName"),
    *("StructuredDocumentation", "ImportDirective", "UsingForDirective", "OverrideSpecifier"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Hold a mutant and how the compiler takes it beside what it replaces.

    :ivar form: whether it stands for an expression, a statement, a modifier, or one of assembly.
    :ivar cast: the type that a number is given in its place, where the compiler would choose
        another one.
    :ivar body: what the modifier does, and the function's end, behind which another modifier can
        stand.
    """

    mutant: Mutant
    form: str
    cast: str = ""
    body: str = ""
    behind: int = 0


@dataclass(slots=True)
class _Finder:
    path: str
    source: bytes
    sites: list[Site] = field(default_factory=list)
    place: list[str] = field(default_factory=list)
    modifiers: dict[str, str] = field(default_factory=lambda: dict(_INHERITED))

    def put(
        self,
        operator: str,
        span: tuple[int, int],
        new: str,
        form: str,
        **more: Any,  # noqa: ANN401
    ) -> None:
        start, end = span
        mutant = Mutant(
            path=self.path,
            line=self.source[:start].count(b"\n") + 1,
            place=".".join(self.place[-2:]),
            operator=operator,
            start=start,
            end=end,
            old=self.source[start:end].decode(),
            new=new,
        )
        self.sites.append(Site(mutant=mutant, form=form, **more))

    def text(self, start: int, end: int) -> str:
        return self.source[start:end].decode()

    def walk(self, node: Any, parent: Node) -> None:  # noqa: ANN401 (the compiler's JSON)
        if isinstance(node, list):
            for one in node:
                self.walk(one, parent)
            return
        if not isinstance(node, dict):
            return
        kind = node.get("nodeType", "")
        if kind in _TYPES or (kind == "FunctionDefinition" and node.get("body") is None):
            return
        named = kind in {"ContractDefinition", "FunctionDefinition", "ModifierDefinition"}
        if named:
            self.place.append(node.get("name") or node.get("kind", ""))
        self._below(node, parent, kind)
        if named:
            self.place.pop()

    def _below(self, node: Node, parent: Node, kind: str) -> None:
        whole = _WHOLE.match(_type(node)) if kind != "VariableDeclaration" else None
        if whole is not None:
            self._number(node, parent, int(whole[1]))
            return
        if (found := getattr(self, _named(kind), None)) is not None:
            found(node, parent)
        for name, value in node.items():
            if name not in {"typeDescriptions", "commonType", "externalReferences"}:
                self.walk(value, node)

    def _number(self, node: Node, parent: Node, value: int) -> None:
        cast = ""
        if parent.get("nodeType") == "BinaryOperation":
            shift = parent["operator"] in {"<<", ">>", "**"}
            left = parent["leftExpression"]["src"] == node["src"]
            described = parent["typeDescriptions"] if shift else parent["commonType"]
            cast = described["typeString"] if left or not shift else ""
            if cast and re.match(r"u?int\d+$", cast) is None:
                return
        elif parent.get("kind") == "typeConversion":
            wide = re.match(r"(?:bytes(\d+)|address)", _type(parent))
            cast = f"uint{8 * int(wide[1] or 20)}" if wide else ""
        self.put("number + 1", _span(node), str(value + 1), EXPRESSION, cast=cast)

    def _literal(self, node: Node, _: Node) -> None:
        if node.get("kind") == "bool":
            other = "false" if node["value"] == "true" else "true"
            self.put("other truth", _span(node), other, EXPRESSION)

    def _binary_operation(self, node: Node, _: Node) -> None:
        start, end = _span(node)
        middle = _span(node["leftExpression"])[1], _span(node["rightExpression"])[0]
        sign = self.text(*middle)
        for other in _SWAPPED.get(node["operator"], ()):
            new = self.text(start, middle[0]) + sign.replace(node["operator"], other)
            new += self.text(middle[1], end)
            self.put(f"{node['operator']} → {other}", (start, end), new, EXPRESSION)

    def _unary_operation(self, node: Node, _: Node) -> None:
        start, end = _span(node)
        sign = node["operator"]
        if sign in {"!", "~", "-"}:
            self.put(f"no {sign}", (start, end), self.text(start + 1, end), EXPRESSION)
        for other in _SWAPPED.get(sign, ()):
            if sign in {"++", "--"}:
                new = self.text(start, end).replace(sign, other)
                self.put(f"{sign} → {other}", (start, end), new, EXPRESSION)

    def _assignment(self, node: Node, _: Node) -> None:
        start, end = _span(node)
        middle = _span(node["leftHandSide"])[1], _span(node["rightHandSide"])[0]
        for other in _SWAPPED.get(node["operator"], ()):
            sign = self.text(*middle).replace(node["operator"], other)
            new = self.text(start, middle[0]) + sign + self.text(middle[1], end)
            self.put(f"{node['operator']} → {other}", (start, end), new, EXPRESSION)

    def _if_statement(self, node: Node, _: Node) -> None:
        self._decided(node["condition"])

    def _conditional(self, node: Node, _: Node) -> None:
        self._decided(node["condition"])

    def _while_statement(self, node: Node, _: Node) -> None:
        self.put("never", _span(node["condition"]), "false", EXPRESSION)

    def _for_statement(self, node: Node, _: Node) -> None:
        if node.get("condition"):
            self.put("never", _span(node["condition"]), "false", EXPRESSION)

    def _decided(self, condition: Node) -> None:
        self.put("always", _span(condition), "true", EXPRESSION)
        self.put("never", _span(condition), "false", EXPRESSION)

    def _return(self, node: Node, _: Node) -> None:
        given = node.get("expression")
        if given and _type(given) == "bool" and given["nodeType"] != "Literal":
            self._decided(given)
        self._drop(node, "no return")

    def _emit_statement(self, node: Node, _: Node) -> None:
        self._drop(node, "no event")
        self._turned(node, node["eventCall"])

    def _revert_statement(self, node: Node, parent: Node) -> None:
        alone = parent.get("nodeType") == "Block" and len(parent["statements"]) == 1
        if parent.get("nodeType") != "IfStatement" and not alone:
            self._drop(node, "no revert")
        self._turned(node, node["errorCall"])

    def _expression_statement(self, node: Node, parent: Node) -> None:
        if parent.get("nodeType") == "ForStatement" and parent.get("body") is not node:
            return
        if node["expression"]["nodeType"] in _DROPPED:
            self._drop(node, "no statement")

    def _drop(self, node: Node, operator: str) -> None:
        self.put(operator, self._statement(node), "{}", STATEMENT)

    def _statement(self, node: Node) -> tuple[int, int]:
        start, end = _span(node)
        # The compiler leaves the semicolon out.
        return start, self.source.index(b";", end - 1) + 1

    def _turned(self, statement: Node, call: Node) -> None:
        start, end = self._statement(statement)
        for first, second in _pairs(call):
            new = self._exchanged(start, end, first, second)
            self.put("arguments exchanged", (start, end), new, STATEMENT)

    def _exchanged(self, start: int, end: int, first: Node, second: Node) -> str:
        (a, b), (c, d) = _span(first), _span(second)
        parts = ((start, a), (c, d), (b, c), (a, b), (d, end))
        return "".join(self.text(*part) for part in parts)

    def _function_call(self, node: Node, parent: Node) -> None:
        in_statement = parent.get("nodeType") in {
            *("EmitStatement", "RevertStatement", "ExpressionStatement")
        }
        if node.get("kind") != "functionCall" or in_statement or not _scalar(node):
            return
        span = _span(node)
        for first, second in _pairs(node):
            new = self._exchanged(*span, first, second)
            self.put("arguments exchanged", span, new, EXPRESSION)

    def _member_access(self, node: Node, _: Node) -> None:
        owner = _type(node["expression"])
        if not owner.startswith("type(enum "):
            return
        start, end = _span(node)
        name = self.text(start, end).rpartition(".")[0]
        end_of = "max" if node["memberName"] in {"NONE", "OK"} else "min"
        self.put("other member", (start, end), f"type({name}).{end_of}", EXPRESSION)

    def _modifier_definition(self, node: Node, _: Node) -> None:
        done = [one for one in node["body"]["statements"] if "Placeholder" not in one["nodeType"]]
        self.modifiers[node["name"]] = " ".join(self.text(*self._statement(one)) for one in done)

    def _modifier_invocation(self, node: Node, parent: Node) -> None:
        body = self.modifiers.get(node["modifierName"]["name"])
        if node.get("kind") == "modifierInvocation" and body is not None:
            behind = _span(parent)[1]
            self.put("no modifier", _span(node), "", MODIFIER, body=body, behind=behind)

    def _yul_function_call(self, node: Node, _: Node) -> None:
        start, end = _span(node)
        name = node["functionName"]["name"]
        whole = self.text(start, end)
        if name in _YUL_SWAPPED and _YUL_EFFECTS.search(whole) is None:
            new = whole.replace(name, _YUL_SWAPPED[name], 1)
            self.put(f"{name} → {_YUL_SWAPPED[name]}", (start, end), new, YUL_EXPRESSION)

    def _yul_literal(self, node: Node, _: Node) -> None:
        span = _span(node)
        new = f"add({self.text(*span)}, 1)"
        self.put("number + 1", span, new, YUL_EXPRESSION)

    def _yul_assignment(self, node: Node, parent: Node) -> None:
        self._yul_expression_statement(node, parent)

    def _yul_expression_statement(self, node: Node, parent: Node) -> None:
        # The step of a loop stays: without it there is no end.
        if parent.get("nodeType") == "YulBlock":
            self.put("no statement", _span(node), "{}", YUL_STATEMENT)


def _named(kind: str) -> str:
    """Return the name of the method for a kind of node.

    >>> _named("YulLiteral")
    '_yul_literal'
    """
    return "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()


def _span(node: Node) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, start + length


def _type(node: Node) -> str:
    return str(node.get("typeDescriptions", {}).get("typeString") or "")


def _scalar(node: Node) -> bool:
    return _SCALAR.match(_type(node)) is not None


def _pairs(call: Node) -> Iterator[tuple[Node, Node]]:
    """Yield neighbouring arguments of one type that can be told apart."""
    arguments = call["arguments"]
    for first, second in itertools.pairwise(arguments):
        plain = all(one["nodeType"] != "Literal" for one in (first, second))
        if plain and _scalar(first) and _type(first) == _type(second):
            yield first, second


def sites(path: str, source: bytes, tree: Mapping[str, Any]) -> list[Site]:
    """Return all changes of a file, from its syntax tree."""
    finder = _Finder(path=path, source=source)
    finder.walk(tree["nodes"], dict(tree))
    mutants = told_apart(site.mutant for site in finder.sites)
    return [
        replace(site, mutant=mutant) for site, mutant in zip(finder.sites, mutants, strict=True)
    ]
