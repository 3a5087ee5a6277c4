//! Checks that the build is reproducible: the same sources give the same files.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;

use crate::command::{Outcome, command, output, root};
use crate::steps::Steps;
use crate::{site, tools};

/// Builds the site again from a copy of the sources in another folder, and compares it with `dist/`.
pub fn reproduce(steps: &Steps) -> Outcome {
    // Not inside the checkout: cargo would read both `.cargo/config.toml` files and combine their flags.
    let copy = env::temp_dir().join("hersenscan-again");
    let path = steps.run("tools", tools::ensure_site_tools)?;
    steps.run("copy of the sources", || copy_sources(&copy))?;
    steps.run("second build of the site", || {
        site::bundle(&copy, &path).and_then(|()| site::add_release_files(&copy, &[]))
    })?;
    steps.run("comparison of both builds", || compare(&root().join("dist"), &copy.join("dist")))?;
    // After a failure the copy stays, for inspection.
    fs::remove_dir_all(&copy).map_err(|error| format!("{}: {error}", copy.display()))
}

/// Copies all files that git tracks or would add, and the files that are generated before bundling. The copies get the
/// current time, so cargo compiles them.
fn copy_sources(to: &Path) -> Outcome {
    let list = output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))
        .ok_or("git could not list the sources")?;
    let generated = ["static/licences.txt".to_owned()].into_iter().chain(files_in("static/scans"));
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    for name in list.lines().map(str::to_owned).chain(generated) {
        let from = root().join(&name);
        // git lists a removed file until the removal is committed.
        if from.is_file() {
            copy_file(&from, &to.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    fs::create_dir_all(to.join("static/scans")).map_err(|error| format!("static/scans: {error}"))
}

fn files_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, fs::read(from)?)
}

/// Fails if files differ between two finished sites, and names them.
fn compare(first: &Path, second: &Path) -> Outcome {
    let (ours, theirs) = (checksums(first)?, checksums(second)?);
    let names = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
    let different: Vec<&str> = names.filter(|name| ours.get(*name) != theirs.get(*name)).map(String::as_str).collect();
    if different.is_empty() {
        println!("{} files are identical", ours.len());
        return Ok(());
    }
    Err(format!("{} and {} differ in: {}", first.display(), second.display(), different.join(", ")))
}

/// File name -> SHA-256, from the site's own list.
fn checksums(site: &Path) -> Outcome<BTreeMap<String, String>> {
    let file = site.join("SHA256SUMS");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    Ok(pairs.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect())
}
