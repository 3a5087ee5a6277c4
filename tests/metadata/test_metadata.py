"""Independent programs read the descriptions of downloads, models and the project.

Run by `cargo xtask test metadata`, which sets HERSENSCAN to the program and METADATA to a folder for its files. No test uses the
network: the only document that the validators would fetch, the context of RO-Crate 1.1, comes from the package rocrate.
"""

import contextlib
import hashlib
import importlib.resources
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest
import zipfile

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ["HERSENSCAN"]
FOLDER = pathlib.Path(os.environ["METADATA"])
WEIGHTS = ROOT / "static/weights"
MODELS = sorted(path.name.removesuffix(".card.json") for path in WEIGHTS.glob("*.card.json"))
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
# Scans of each download.
COUNT = 3


def hersenscan(*arguments):
    subprocess.run([PROGRAM, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def downloads():
    """A folder of scans of each kind of model, as the ZIP of the studio holds them."""
    return [FOLDER / "t1ce-s64", FOLDER / "flair-s64"]


def setUpModule():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    for folder in downloads():
        hersenscan("sample", "--weights", WEIGHTS / f"{folder.name}.safetensors", "--n", COUNT, "--seed", 7, "--out", folder)


def copy_of(folder):
    copy = FOLDER / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    return copy


def changed(path, change):
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


class Pictures(unittest.TestCase):
    def test_exiftool_reads_that_scans_and_masks_are_generated(self):
        for folder in downloads():
            command = ["exiftool", "-json", "-XMP-iptcExt:DigitalSourceType", "-XMP-xmp:CreatorTool", str(folder), "-ext", "png"]
            found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            self.assertEqual(len(found), 2 * COUNT)
            for picture in found:
                self.assertEqual(picture["DigitalSourceType"], GENERATED, picture)
                self.assertRegex(picture["CreatorTool"], r"^hersenscan \d+\.\d+\.\d+$")


class RoCrate(unittest.TestCase):
    """roc-validator, with the rules of RO-Crate 1.1."""

    # The program does not know the author or publisher of a download.
    UNKNOWN = {"ro-crate-1.1_22.2", "ro-crate-1.1_22.3"}

    def problems(self, folder, level="RECOMMENDED"):
        from rocrate_validator import models, services
        from rocrate_validator.utils.http import HttpRequester

        context = (importlib.resources.files("rocrate") / "data/ro-crate.jsonld").read_text()

        class Answer:
            status_code, ok, text, content = 200, True, context, context.encode()
            headers = {"Content-Type": "application/ld+json"}

            def json(self):
                return json.loads(context)

        def get(self, url, **_):
            if url != "https://w3id.org/ro/crate/1.1/context":
                raise ConnectionError(f"a test asks for {url}")
            return Answer()

        HttpRequester.get = get
        severity = getattr(models.Severity, level)
        settings = models.ValidationSettings(rocrate_uri=str(folder), profile_identifier="ro-crate-1.1", requirement_severity=severity)
        return {issue.check.identifier: issue.message for issue in services.validate(settings).get_issues()}

    def test_every_download_is_a_valid_crate(self):
        for folder in downloads():
            self.assertEqual(set(self.problems(folder)) - self.UNKNOWN, set(), self.problems(folder))

    def test_the_validator_finds_a_missing_file_and_a_missing_licence(self):
        missing = copy_of(downloads()[0])
        (missing / "0000.png").unlink()
        self.assertTrue(self.problems(missing, "REQUIRED"))
        bare = copy_of(downloads()[0])
        changed(bare / "ro-crate-metadata.json", lambda crate: next(e for e in crate["@graph"] if e["@id"] == "./").pop("license"))
        self.assertTrue(self.problems(bare, "REQUIRED"))


class Croissant(unittest.TestCase):
    """mlcroissant, the reader of MLCommons."""

    def load(self, folder):
        import mlcroissant

        # It warns of a missing address: a download of the command line has none.
        with contextlib.redirect_stderr(None):
            return mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))

    def test_the_records_are_those_of_the_manifest(self):
        for folder in downloads():
            manifest = json.loads((folder / "manifest.json").read_text())
            data = self.load(folder)
            self.assertEqual(data.metadata.ctx.issues.errors, set())
            scans = [{key.split("/")[1]: value for key, value in record.items()} for record in data.records("scans")]
            scans = [{key: value.decode() if isinstance(value, bytes) else value for key, value in scan.items()} for scan in scans]
            wanted = [{key: scan[key] for key in ("file", "mask", "class", "seed")} for scan in manifest["scans"]]
            self.assertEqual(scans, wanted)

    def test_scans_and_masks_are_loaded_as_pictures(self):
        for folder in downloads():
            for records, key in [("images", "file"), ("masks", "mask")]:
                found = {record[f"{records}/file"].decode(): record[f"{records}/pixels"] for record in self.load(folder).records(records)}
                manifest = json.loads((folder / "manifest.json").read_text())
                self.assertEqual(sorted(found), [scan[key] for scan in manifest["scans"]])
                self.assertEqual({picture.size for picture in found.values()}, {(64, 64)})

    def test_a_field_from_a_file_that_is_not_there_is_refused(self):
        import mlcroissant

        broken = copy_of(downloads()[0])
        changed(broken / "croissant.json", lambda data: data["recordSet"][0]["field"][0]["source"]["fileObject"].update({"@id": "no.json"}))
        with self.assertRaises(mlcroissant.ValidationError):
            self.load(broken)


class ModelCards(unittest.TestCase):
    """huggingface_hub reads the cards."""

    def test_the_measures_are_those_of_the_card_of_the_weights(self):
        from huggingface_hub import ModelCard

        self.assertEqual(len(MODELS), 4)
        for model in MODELS:
            out = FOLDER / f"{model}.md"
            hersenscan("card", "--weights", WEIGHTS / f"{model}.safetensors", "--out", out)
            # Without this argument it raises on a wrong `model-index`.
            read = ModelCard(out.read_text(), ignore_metadata_errors=False)
            card = json.loads((WEIGHTS / f"{model}.card.json").read_text())
            self.assertEqual(read.data.license, {"CC BY 4.0": "cc-by-4.0", "CC BY-NC-SA 4.0": "cc-by-nc-sa-4.0"}[card["licence"]])
            self.assertEqual(read.data.model_name, model)
            found = {result.metric_type: result.metric_value for result in read.data.eval_results}
            wanted = {m["id"]: m["value"] for m in card["measures"] if m["value"] is not None}
            self.assertEqual(found.keys(), wanted.keys())
            for id, value in wanted.items():
                self.assertAlmostEqual(found[id], value, places=9)
            for result in read.data.eval_results:
                self.assertEqual(result.dataset_name, card["data"])
                measure = next(m for m in card["measures"] if m["id"] == result.metric_type)
                for number, wanted in zip(result.metric_args["interval_95"], measure["interval"], strict=True):
                    self.assertAlmostEqual(number, wanted, places=9)
            self.assertIn(card["attribution"], read.text)

    def test_a_result_without_a_dataset_is_refused(self):
        from huggingface_hub import ModelCard

        out = FOLDER / "broken.md"
        hersenscan("card", "--weights", WEIGHTS / f"{MODELS[0]}.safetensors", "--out", out)
        text = out.read_text()
        with self.assertRaises(ValueError):
            ModelCard(text.replace("    dataset:\n", "    data:\n"), ignore_metadata_errors=False)


class Project(unittest.TestCase):
    """CITATION.cff, codemeta.json and .zenodo.json: valid, and they agree with Cargo.toml."""

    def setUp(self):
        import tomllib

        self.cargo = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
        self.codemeta = json.loads((ROOT / "codemeta.json").read_text())
        self.zenodo = json.loads((ROOT / ".zenodo.json").read_text())

    def citation(self):
        from cffconvert import Citation

        return Citation((ROOT / "CITATION.cff").read_text())

    def test_the_citation_is_valid_and_a_broken_one_is_not(self):
        from cffconvert import Citation

        self.citation().validate()
        with self.assertRaises(Exception):
            Citation((ROOT / "CITATION.cff").read_text().replace("10.6084/m9", "doi/m9")).validate()

    def test_codemeta_is_valid_and_has_only_known_terms(self):
        from pydantic_codemeta import CodeMetaV3

        read = CodeMetaV3.from_jsonld(self.codemeta)
        # Unknown terms are kept as they are.
        self.assertEqual(read.model_extra, {})
        with self.assertRaises(ValueError):
            CodeMetaV3.from_jsonld({**self.codemeta, "author": 7})

    def test_zenodo_knows_the_terms(self):
        """The fields and terms of https://developers.zenodo.org/#representation, in a schema of ours: no package has one."""
        import jsonschema

        schema = json.loads((ROOT / "tests/metadata/zenodo.schema.json").read_text())
        validator = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
        self.assertEqual([error.message for error in validator.iter_errors(self.zenodo)], [])
        self.assertEqual((self.zenodo["upload_type"], self.zenodo["access_right"]), ("software", "open"))
        related = self.zenodo["related_identifiers"]
        for broken in (
            {"title": ""},
            {"upload_type": "program"},
            {"access_right": "free"},
            {"creators": []},
            {"creators": [{"affiliation": "nobody"}]},
            {"creators": [{"name": "A", "orcid": "1234"}]},
            {"keywords": "brain, MRI"},
            {"license": "MIT or Apache 2.0"},
            {"description": "<script>alert(1)</script>"},
            {"related_identifiers": [{**related[0], "relation": "comesFrom"}]},
            {"related_identifiers": [{**related[0], "resource_type": "scans"}]},
            {"licence": "mit"},
        ):
            self.assertFalse(validator.is_valid({**self.zenodo, **broken}), broken)
        for field in schema["required"]:
            self.assertFalse(validator.is_valid({name: value for name, value in self.zenodo.items() if name != field}), field)

    def test_all_files_tell_the_same(self):
        import yaml

        citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
        names = [author["name"] for author in citation["authors"]]
        # The licence file says who holds the copyright.
        holder = re.search(r"^Copyright \(c\) \d+ (.*)$", (ROOT / "LICENSE-MIT").read_text(), re.M).group(1)
        self.assertEqual(names, [holder])
        self.assertEqual([author["name"] for author in self.codemeta["author"]], names)
        self.assertEqual([creator["name"] for creator in self.zenodo["creators"]], names)
        self.assertEqual({str(citation["version"]), self.codemeta["version"], self.zenodo["version"]}, {self.cargo["version"]})
        licences = self.cargo["license"].split(" OR ")
        self.assertEqual(citation["license"], licences)
        self.assertEqual([licence.rsplit("/", 1)[1] for licence in self.codemeta["license"]], licences)
        self.assertIn(self.zenodo["license"], [licence.lower() for licence in licences])
        self.assertEqual({citation["title"], self.codemeta["name"]}, {self.cargo["name"]})
        self.assertEqual(self.codemeta["description"], self.cargo["description"])
        self.assertEqual(citation["keywords"], self.zenodo["keywords"])
        self.assertEqual(self.codemeta["keywords"], self.zenodo["keywords"])
        derived = {related["identifier"] for related in self.zenodo["related_identifiers"]}
        self.assertEqual({reference["doi"] for reference in citation["references"]}, derived)
        self.assertEqual({json.loads((WEIGHTS / f"{model}.card.json").read_text())["data_url"].removeprefix("https://doi.org/") for model in MODELS}, derived)


class Release(unittest.TestCase):
    """The folder for Zenodo, made with a small folder in place of the site."""

    def test_it_holds_everything_with_checksums(self):
        site, out = FOLDER / "site", FOLDER / "release"
        site.mkdir()
        (site / "index.html").write_text("<!doctype html>")
        make = [sys.executable, ROOT / "xtask/release/release.py", "--program", PROGRAM, "--site", site, "--out", out]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        listed = dict(reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(set(listed) | {"SHA256SUMS"}, {path.name for path in out.iterdir()})
        for name, digest in listed.items():
            self.assertEqual(hashlib.sha256((out / name).read_bytes()).hexdigest(), digest, name)
        version = json.loads((out / "codemeta.json").read_text())["version"]
        archives = {name for name in listed if name.endswith(".zip")}
        self.assertEqual(archives, {f"hersenscan-{version}-site.zip", f"hersenscan-{version}-source.zip"} | {f"{model}.zip" for model in MODELS})
        self.assertLessEqual({"CITATION.cff", "codemeta.json", ".zenodo.json", "LICENSE-MIT", "LICENSE-APACHE"}, set(listed))

        def members(name):
            with zipfile.ZipFile(out / name) as archive:
                self.assertIsNone(archive.testzip())
                return set(archive.namelist())

        self.assertEqual(members(f"hersenscan-{version}-site.zip"), {"index.html"})
        self.assertLessEqual({f"hersenscan-{version}/{name}" for name in ("Cargo.toml", "src/lib.rs", "README.md")}, members(f"hersenscan-{version}-source.zip"))
        for model in MODELS:
            wanted = {f"{model}/{name}" for name in ("README.md", f"{model}.safetensors", f"{model}.discriminator.safetensors", f"{model}.card.json")}
            found = members(f"{model}.zip")
            self.assertLessEqual(wanted, found)
            with zipfile.ZipFile(out / f"{model}.zip") as archive:
                self.assertEqual(archive.read(f"{model}/{model}.safetensors"), (WEIGHTS / f"{model}.safetensors").read_bytes())


if __name__ == "__main__":
    unittest.main()
