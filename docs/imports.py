"""Imports between the folders of src/, from the code: a Mermaid graph, lines per folder, and import circles.

    python3 docs/imports.py          # the graph and the circles
    python3 docs/imports.py lines    # files and lines per folder

Tests inside the sources are left out. Exits with 1 if a circle leaves its folder.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src"
# Programs and the list of modules: they only wire.
SKIPPED = {"lib", "bin"}


def module_of(path):
    """src/slices/dicom/mod.rs -> (slices, dicom)"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "mod" else parts


def without_tests(text):
    """The source up to its inline tests, without comments."""
    text = re.split(r"#\[cfg\((?:all\()?test\b[^\n]*\n(?:\s*#\[[^\n]*\n)*\s*mod \w+ \{", text)[0]
    return re.sub(r"//[^\n]*", "", text)


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
    if sys.argv[1:] == ["lines"]:
        return lines()
    modules, graph, counts = set(files), defaultdict(set), defaultdict(int)
    for own, path in files.items():
        if re.search(r"(^|_)tests?$", own[-1]):
            continue
        for written in paths(without_tests(path.read_text())):
            other = target(written, own, path.name == "mod.rs", modules)
            if other and other != own:
                # A parent declares its children and re-exports them: that is no import.
                if other[: len(own)] != own:
                    graph[own].add(other)
                if own[0] != other[0]:
                    counts[own[0], other[0]] += 1
    print("flowchart TD")
    for (a, b), count in sorted(counts.items()):
        print(f"    {a} --> {b}")
    folders = defaultdict(set)
    for a, b in counts:
        folders[a].add(b)
    bad = circles(folders)
    for names in bad:
        print("circle between folders:", ", ".join(names))
    for component in circles(graph):
        names = ["::".join(part) for part in component]
        siblings = len({part[:-1] for part in component}) == 1 or len({part[:2] for part in component}) == 1
        print(f"circle {'of siblings' if siblings else 'ACROSS FOLDERS'}:", ", ".join(names))
        bad += [] if siblings else [component]
    return 1 if bad else 0


def lines():
    folders = defaultdict(lambda: [0, 0])
    for path in ROOT.rglob("*.rs"):
        name = path.relative_to(ROOT).parts[0]
        folders[name][0] += 1
        folders[name][1] += len(path.read_text().splitlines())
    for name, (count, total) in sorted(folders.items()):
        print(f"{name:12} {count:4} files {total:6} lines")
    print(f"{'in all':12} {sum(c for c, _ in folders.values()):4} files {sum(t for _, t in folders.values()):6} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
