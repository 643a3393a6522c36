"""The suite's addons: found by their manifests, hashed, ordered."""

import ast
import hashlib
import os
import pathlib

# tests and papers do not change what an installed database looks like
SKIP_FOLDERS = {"__pycache__", "tests", "description"}
SKIP_SUFFIXES = {".pyc", ".rst", ".md", ".pot"}


def suite(repo):
    """{name: manifest} of the addons at the top level of the repository, sorted by name."""
    found = {}
    for path in sorted(pathlib.Path(repo).glob("*/__manifest__.py")):
        manifest = manifest_of(path.parent)
        if manifest.get("installable", True):
            found[path.parent.name] = manifest
    return found


def manifest_of(folder):
    return ast.literal_eval((pathlib.Path(folder) / "__manifest__.py").read_text(encoding="utf-8"))


def foreign_depends(manifests):
    """Modules of Odoo that the suite stands on."""
    wanted = set()
    for manifest in manifests.values():
        wanted.update(manifest.get("depends", ()))
    return sorted(wanted - set(manifests))


def ordered(manifests):
    """Addon names, those stood upon first."""
    done = []

    def visit(name, trail):
        if name in done or name not in manifests:
            return
        if name in trail:
            raise ValueError("Circular dependency: {}".format(" → ".join((*trail, name))))
        for other in sorted(manifests[name].get("depends", ())):
            visit(other, (*trail, name))
        done.append(name)

    for name in sorted(manifests):
        visit(name, ())
    return done


def digest(folder):
    """Hash of what matters to an installed database in an addon's folder."""
    state = hashlib.sha256()
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIP_FOLDERS)
        for name in sorted(files):
            path = pathlib.Path(base, name)
            if path.suffix in SKIP_SUFFIXES:
                continue
            state.update(os.fsencode(path.relative_to(folder)) + b"\0")
            state.update(hashlib.sha256(path.read_bytes()).digest())
    return state.hexdigest()[:16]


def digests(repo):
    return {name: digest(pathlib.Path(repo) / name) for name in suite(repo)}
