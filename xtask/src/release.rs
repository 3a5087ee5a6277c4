//! What makes a bundle a release: headers for hosts, the service worker and hashes of all files; and the proof that
//! anyone who builds the same sources gets the same files.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, Steps, command, output, root, run};
use crate::{site, tools};

/// Completes `dist/` in a checkout.
pub fn finish(checkout: &Path) -> Outcome {
    run(command("node").args(["xtask/release/finish.mjs", "dist"]).current_dir(checkout))
}

/// Builds the site once more, from a copy of the sources in another folder, and compares it with `dist/`.
pub fn reproduce(steps: &mut Steps) -> Outcome {
    // Not below the checkout: cargo would read the settings of both and build for their sum.
    let copy = env::temp_dir().join("hersenscan-again");
    let path = steps.take("tools", tools::for_site)?;
    steps.take("copy of the sources", || copy_sources(&copy))?;
    steps.take("site, once more", || site::bundle(&copy, &path).and_then(|()| finish(&copy)))?;
    steps.take("both the same", || compare(&root().join("dist"), &copy.join("dist")))?;
    // Kept after a failure, to be looked into.
    fs::remove_dir_all(&copy).map_err(|error| format!("{}: {error}", copy.display()))
}

/// Copies all files that git knows or would add, and those that a build makes before it bundles. As they are now and so
/// with today's date, so that cargo compiles them.
fn copy_sources(to: &Path) -> Outcome {
    let list = output(command("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))
        .ok_or("the list of sources comes from git, and it gave none")?;
    let made = ["static/licences.txt".to_owned()].into_iter().chain(names_in("static/scans"));
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    for name in list.lines().map(str::to_owned).chain(made) {
        let from = root().join(&name);
        // git knows a removed file until the removal is committed.
        if from.is_file() {
            copy_file(&from, &to.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    fs::create_dir_all(to.join("static/scans")).map_err(|error| format!("static/scans: {error}"))
}

fn names_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
}

fn copy_file(from: &PathBuf, to: &Path) -> std::io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, fs::read(from)?)
}

/// Fails, with their names, if files differ between two finished sites.
fn compare(one: &Path, other: &Path) -> Outcome {
    let (ours, theirs) = (sums(one)?, sums(other)?);
    let names = ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
    let odd: Vec<&str> = names.filter(|name| ours.get(*name) != theirs.get(*name)).map(String::as_str).collect();
    if odd.is_empty() {
        println!("{} files, all the same", ours.len());
        return Ok(());
    }
    Err(format!("{} and {} differ in: {}", one.display(), other.display(), odd.join(", ")))
}

/// File name -> hash, as the site itself lists them.
fn sums(site: &Path) -> Outcome<BTreeMap<String, String>> {
    let file = site.join("SHA256SUMS");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let pairs = text.lines().filter_map(|line| line.split_once("  "));
    Ok(pairs.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect())
}
