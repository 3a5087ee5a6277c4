//! Runs other programs.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::tools;

/// The result of a step. The error is a message for a person; no code looks inside it.
pub type Outcome<T = ()> = Result<T, String>;

thread_local! {
    /// File that receives the output of this thread's programs. `None` is the terminal.
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Sends the output of all programs that `work` runs on this thread to a file.
pub fn with_log<T>(log: File, work: impl FnOnce() -> T) -> T {
    LOG.set(Some(log));
    let result = work();
    LOG.set(None);
    result
}

/// The top folder of the repository.
///
/// Cargo gives it at run time. The path known at compile time may be that of another checkout with the same target
/// folder.
pub fn root() -> PathBuf {
    let at_run_time = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let xtask = at_run_time.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    xtask.parent().map(Path::to_owned).unwrap_or(xtask)
}

/// A command that runs in the top folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that started this program.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    remap_paths(&mut cargo);
    cargo
}

/// Options of cargo that compile this crate without optimisation, and its dependencies and kernels with optimisation. The tests
/// run slower, but compiling takes a sixth of the time, so that the whole takes about half.
pub const FOR_TESTS: [&str; 2] = ["--config", "profile.release.package.hersenscan.opt-level=0"];

/// `--locked` in CI, where an outdated `Cargo.lock` is an error.
pub fn locked() -> Option<&'static str> {
    in_ci().then_some("--locked")
}

/// Whether this runs in CI: nobody is watching, so a check that cannot run is a failure.
pub fn in_ci() -> bool {
    std::env::var_os("CI").is_some()
}

/// Removes this computer's folder names from the WebAssembly programs, so that the same sources give the same bytes
/// everywhere and no user name is published. Cargo adds these flags to those of `.cargo/config.toml`.
pub fn remap_paths(command: &mut Command) {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let folders = [(home, "cargo"), (Some(tools::target_folder()), "target")];
    let flags = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder?.to_str()?.to_owned();
        // Cargo splits the variable at spaces, so a folder with a space in its name cannot be remapped.
        (!folder.contains(char::is_whitespace)).then(|| format!("--remap-path-prefix={folder}={name}"))
    });
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.collect::<Vec<_>>().join(" "));
}

/// Prints a command and runs it. Fails if the command fails.
pub fn run(command: &mut Command) -> Outcome {
    let line = command_line(command);
    print(&format!("$ {line}"));
    LOG.with_borrow(|log| {
        if let Some(log) = log {
            let clone = || log.try_clone().map(Stdio::from).unwrap_or_else(|_| Stdio::null());
            command.stdout(clone()).stderr(clone());
        }
    });
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status}); see its output above")),
        Err(error) => Err(format!("`{line}` could not be started: {error}")),
    }
}

/// Prints a line to the log of this thread, or to the terminal.
pub fn print(line: &str) {
    use std::io::Write;
    LOG.with_borrow_mut(|log| match log {
        // A log that cannot be written must not stop the build.
        Some(log) => _ = writeln!(log, "{line}"),
        None => println!("{line}"),
    });
}

/// The standard output of a command, without the line break at its end. `None` if the command fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// A command as typed in a shell: the name of the program, and its arguments.
fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or(program.as_os_str()).to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}
