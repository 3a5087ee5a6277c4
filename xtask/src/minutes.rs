//! `cargo xtask minutes`: trains in the tab for some minutes, and measures the scans.

use crate::command::{Outcome, command, print, root, run};
use crate::steps::Steps;
use crate::{browser, site, tools};

/// Usage, for the error message.
const ARGUMENTS: &str = "minutes needs --data DIR, and has --tasks A,B,C, --seeds 0,1,2, --minutes 1,5,10, --without-judge, \
                         --learned and --only train|measure; or --levels, which has --runs random,judged,trained";

/// Checks the arguments. The script reads them itself.
pub fn parse<'a>(words: &'a [&'a str]) -> Outcome<&'a [&'a str]> {
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let known = match *word {
            "--data" | "--tasks" | "--seeds" | "--minutes" | "--only" | "--runs" => rest.next().is_some(),
            "--without-judge" | "--learned" | "--levels" => true,
            _ => false,
        };
        if !known {
            return Err(ARGUMENTS.to_owned());
        }
    }
    if words.contains(&"--data") { Ok(words) } else { Err(ARGUMENTS.to_owned()) }
}

/// Runs the script, or with `--levels` the one that makes the pictures of the forecast in `static/levels/`. Uses the site in
/// `dist/`, and builds it only if there is none. Results go to the folder `minutes` in the target folder: `minutes.json`, and
/// for each moment the weights, the report, and a picture of sixteen scans.
pub fn minutes(steps: &Steps, arguments: &[&str]) -> Outcome {
    if root().join("dist/index.html").is_file() {
        print("The site in dist/ is used as it is. `cargo xtask dist` builds it anew.");
        steps.run("npm packages", tools::ensure_node_packages)?;
    } else {
        site::build(steps, &[])?;
    }
    let chrome = steps.run("browser", tools::ensure_browser)?;
    if arguments.contains(&"--levels") {
        let rest = arguments.iter().filter(|word| **word != "--levels");
        let mut node = command("node");
        node.arg("xtask/minutes/levels.mjs").arg(root().join("static/levels")).args(rest).env("CHROME", &chrome);
        return steps.run("levels", || run(&mut node));
    }
    steps.run("native program", browser::build_native_program)?;
    let out = tools::target_folder().join("minutes");
    steps.run("minutes", || {
        run(command("node")
            .arg("xtask/minutes/minutes.mjs")
            .arg(&out)
            .args(arguments)
            .env("CHROME", &chrome)
            .env("HERSENSCAN", tools::native_program()))
    })?;
    print(&format!("\nNumbers, weights and pictures are in {}.", out.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_needed_and_other_arguments_are_refused() {
        assert!(parse(&["--data", "there", "--tasks", "A", "--without-judge", "--only", "train"]).is_ok());
        for wrong in [&["--tasks", "A"][..], &["--data"], &["--data", "there", "--fast"], &[]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
