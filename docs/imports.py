"""Imports between the folders of src/, from the code: a Mermaid graph, lines per folder, and import circles.

    python3 docs/imports.py          # the graph and the circles; arrows that follow from others are left out
    python3 docs/imports.py all      # with all arrows
    python3 docs/imports.py check    # fails if the graph is not the one in docs/architecture.md
    python3 docs/imports.py lines    # files, lines and lines of tests per folder; another src/ may follow

Tests inside the sources are left out. Exits with 1 if a circle leaves its folder.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent.parent / "src"
ARCHITECTURE = Path(__file__).resolve().parent / "architecture.md"
# Programs and the list of modules: they only wire.
SKIPPED = {"lib", "bin"}
# Where the tests of a file begin.
TESTS = re.compile(r"#\[cfg\((?:all\()?test\b[^\n]*\n(?:\s*#\[[^\n]*\n)*\s*mod \w+ \{")


def module_of(path):
    """src/slices/dicom/mod.rs -> (slices, dicom)"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "mod" else parts


def without_tests(text):
    """The source up to its inline tests, without comments."""
    return re.sub(r"//[^\n]*", "", TESTS.split(text)[0])


def expand(path):
    """a::{b, c::{d, e}} -> a::b, a::c::d, a::c::e"""
    if "{" not in path:
        yield re.split(r"\s+as\s+", path.strip())[0]
        return
    head, rest = path.split("{", 1)
    inner, depth, part = rest[: rest.rindex("}")], 0, ""
    for char in inner + ",":
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            if part.strip():
                yield from expand(head.strip() + part.strip())
            part = ""
        else:
            part += char


def paths(text):
    for use in re.findall(r"\buse\s+([^;]+);", text):
        yield from expand(" ".join(use.split()))
    # Paths written out in the code.
    yield from re.findall(r"\b(?:crate|super)(?:::\w+)+", re.sub(r"\buse\s+[^;]+;", "", text))


def target(path, own, is_folder, modules):
    """The module that a path written in module `own` belongs to, or None if it is not ours."""
    words = path.split("::")
    if words[0] == "crate":
        place = list(words[1:])
    elif words[0] in ("super", "self"):
        base = list(own)
        while words and words[0] in ("super", "self"):
            if words[0] == "super":
                base = base[:-1]
            words = words[1:]
        place = base + words
    elif own + (words[0],) in modules:
        place = list(own) + words
    else:
        return None
    while place and tuple(place) not in modules:
        place = place[:-1]
    return tuple(place) or None


def reach(graph, start):
    """All nodes that arrows lead to from this one."""
    found, left = set(), [start]
    while left:
        new = graph[left.pop()] - found
        found |= new
        left += new
    return found


def circles(graph):
    """Strongly connected components with more than one member (Tarjan)."""
    index, low, stack, found, order = {}, {}, [], [], iter(range(10**9))
    sys.setrecursionlimit(10_000)

    def visit(node):
        index[node] = low[node] = next(order)
        stack.append(node)
        for other in graph[node]:
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            component = []
            while not component or component[-1] != node:
                component.append(stack.pop())
            if len(component) > 1:
                found.append(sorted(component))

    for node in list(graph):
        if node not in index:
            visit(node)
    return found


def main():
    files = {module_of(path): path for path in sorted(ROOT.rglob("*.rs")) if module_of(path)[0] not in SKIPPED}
    if sys.argv[1:2] == ["lines"]:
        return lines()
    modules, graph, folders = set(files), defaultdict(set), defaultdict(set)
    for own, path in files.items():
        if is_test(path):
            continue
        for written in paths(without_tests(path.read_text())):
            other = target(written, own, path.name == "mod.rs", modules)
            if other and other != own:
                # A parent declares its children and re-exports them: that is no import.
                if other[: len(own)] != own:
                    graph[own].add(other)
                if own[0] != other[0]:
                    folders[own[0]].add(other[0])
    bad = circles(folders)
    drawing = ["flowchart TD"]
    for a in sorted(folders):
        for b in sorted(folders[a]):
            if sys.argv[1:] == ["all"] or bad or not any(b in reach(folders, c) for c in folders[a] - {b}):
                drawing.append(f"    {a} --> {b}")
    print("\n".join(drawing))
    for names in bad:
        print("circle between folders:", ", ".join(names))
    for component in circles(graph):
        names = ["::".join(part) for part in component]
        siblings = len({part[:-1] for part in component}) == 1 or len({part[:2] for part in component}) == 1
        print(f"circle {'of siblings' if siblings else 'ACROSS FOLDERS'}:", ", ".join(names))
        bad += [] if siblings else [component]
    if sys.argv[1:] == ["check"] and "\n".join(drawing) not in ARCHITECTURE.read_text():
        print("docs/architecture.md shows another graph: copy the one above into it")
        return 1
    return 1 if bad else 0


def is_test(path):
    return any(re.search(r"(^|_)tests?$", part) for part in path.relative_to(ROOT).with_suffix("").parts) or path.name == "fake.rs"


def lines():
    folders = defaultdict(lambda: [0, 0, 0])
    for path in ROOT.rglob("*.rs"):
        text = path.read_text()
        total = len(text.splitlines())
        code = 0 if is_test(path) else len(TESTS.split(text)[0].splitlines())
        for name in (path.relative_to(ROOT).parts[0].removesuffix(".rs"), "in all"):
            for place, value in enumerate((1, code, total - code)):
                folders[name][place] += value
    print(f"{'':10} files   code  tests")
    for name, (files, code, tests) in sorted(folders.items(), key=lambda row: (row[0] == "in all", row[0])):
        print(f"{name:10} {files:5} {code:6} {tests:6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
