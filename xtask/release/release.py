"""Makes the folder of a release, ready to hand to Zenodo.

usage: release.py --program HERSENSCAN --site DIST --out RELEASE

Zenodo takes files and no folders, so the site, the sources and each model are ZIP archives. A model's archive unpacks to a
repository for Hugging Face. The same inputs give the same bytes.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).parents[2]
WEIGHTS = ROOT / "static/weights"
# Copied as they are.
COPIED = ["CITATION.cff", "codemeta.json", ".zenodo.json", "LICENSE-MIT", "LICENSE-APACHE"]


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "site", "out"):
        parser.add_argument(f"--{name}", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    if not (arguments.site / "index.html").is_file():
        raise SystemExit(f"{arguments.site} is no built site: it has no index.html")
    version = json.loads((ROOT / "codemeta.json").read_text())["version"]
    out = arguments.out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in COPIED:
        shutil.copy(ROOT / name, out / name)
    site = {path.relative_to(arguments.site).as_posix(): path for path in arguments.site.rglob("*") if path.is_file()}
    pack(out / f"hersenscan-{version}-site.zip", site)
    sources(out / f"hersenscan-{version}-source.zip", f"hersenscan-{version}/")
    for card in sorted(WEIGHTS.glob("*.card.json")):
        model(arguments.program, card, out)
    files = sorted(path for path in out.iterdir())
    (out / "SHA256SUMS").write_text("".join(f"{sha256(path)}  {path.name}\n" for path in files))
    for path in files:
        print(f"{path.stat().st_size:>12,}  {path.name}")


def sources(path, prefix):
    """The last commit. Changes that are not committed are named."""
    git = ["git", "-C", str(ROOT)]
    state = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True)
    if state.returncode != 0:
        raise SystemExit(f"the source archive needs the git repository: {state.stderr.strip()}")
    if state.stdout:
        print(f"the source archive is that of the last commit, without:\n{state.stdout}")
    subprocess.run([*git, "archive", "--format=zip", f"--prefix={prefix}", f"--output={path.absolute()}", "HEAD"], check=True)


def model(program, card, out):
    """Weights, both cards, and the pictures of known faults."""
    name = card.name.removesuffix(".card.json")
    generator = WEIGHTS / f"{name}.safetensors"
    with tempfile.TemporaryDirectory() as folder:
        readme = pathlib.Path(folder) / "README.md"
        subprocess.run([program, "card", "--weights", generator, "--out", readme], check=True, stdout=subprocess.DEVNULL)
        files = {"README.md": readme, generator.name: generator, card.name: card}
        files[f"{name}.discriminator.safetensors"] = WEIGHTS / f"{name}.discriminator.safetensors"
        for picture in json.loads(card.read_text()).get("fault_pictures", []):
            files[f"faults/{picture}"] = WEIGHTS / "faults" / picture
        pack(out / f"{name}.zip", {f"{name}/{member}": path for member, path in files.items()})


def pack(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in sorted(files.items()):
            # The date of ZipInfo is 1980: the same files give the same archive.
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, file.read_bytes())


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


main()
