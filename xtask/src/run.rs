//! Running other programs, and telling what runs and how long it took.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::tools;

/// What can go wrong is told to a person, never matched on.
pub type Outcome<T = ()> = Result<T, String>;

/// The steps taken so far, with their times.
#[derive(Default)]
pub struct Steps(Vec<(String, Duration)>);

impl Steps {
    /// Announces a step, does it and keeps its time.
    pub fn take<T>(&mut self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work();
        self.0.push((name.to_owned(), start.elapsed()));
        outcome.map_err(|why| format!("{name}: {why}"))
    }

    /// Prints what took how long.
    pub fn report(&self) {
        if self.0.is_empty() {
            return;
        }
        println!("\n== time");
        for (name, time) in &self.0 {
            println!("{:>7.1} s  {name}", time.as_secs_f64());
        }
        let total: Duration = self.0.iter().map(|(_, time)| *time).sum();
        println!("{:>7.1} s  in all", total.as_secs_f64());
    }
}

/// The top folder of the repository. Cargo says where at run time; what was compiled in may be another checkout that
/// shares the target folder.
pub fn root() -> PathBuf {
    let told = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = told.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    xtask.parent().map(Path::to_owned).unwrap_or(xtask)
}

/// A command in the top folder.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    nameless(&mut cargo);
    cargo
}

/// Keeps the folders of this computer out of what is built for browsers: the same sources give the same bytes whoever
/// builds them, and nobody's name is served to the world. Cargo adds these to the flags of `.cargo/config.toml`.
pub fn nameless(command: &mut Command) {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = [(home, "cargo"), (Some(tools::target_folder()), "target")];
    let flags = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder?.to_str()?.to_owned();
        // Cargo splits the variable at spaces, so such a folder stays as it is.
        (!folder.contains(char::is_whitespace)).then(|| format!("--remap-path-prefix={folder}={name}"))
    });
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.collect::<Vec<_>>().join(" "));
}

/// Prints a command, runs it with its output visible, and fails if it does.
pub fn run(command: &mut Command) -> Outcome {
    println!("$ {}", line(command));
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` failed ({status}); its output is above", line(command))),
        Err(error) => Err(format!("`{}` could not be started: {error}", line(command))),
    }
}

/// What a command prints, or nothing if it cannot be run or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// A command as a person would type it: program name and arguments.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(program.as_os_str()).to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}
