//! The steps of a command: announces each step, measures it, and lists all times at the end.

use std::cell::Cell;
use std::fs::{self, File};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::{Outcome, print, with_log};
use crate::tools;

thread_local! {
    /// Whether other steps run at the same time. Their output would mix, so each step then writes to a file first.
    static SIDE_BY_SIDE: Cell<bool> = const { Cell::new(false) };
}

/// The steps of one command.
pub struct Steps {
    /// Steps that are known in advance, with their expected minutes.
    plan: Mutex<Vec<(&'static str, f64)>>,
    times: Mutex<Vec<(String, Duration)>>,
    start: Instant,
    failed: AtomicBool,
}

impl Steps {
    /// No steps yet. The total time counts from here.
    pub fn new() -> Self {
        Self { plan: Mutex::default(), times: Mutex::default(), start: Instant::now(), failed: AtomicBool::new(false) }
    }

    /// Announces the steps that follow, with the minutes that each takes on a computer with two cores.
    pub fn plan(&self, steps: &[(&'static str, f64)]) {
        let cores = thread::available_parallelism().map_or(2, |cores| cores.get().min(8));
        let plan: Vec<_> = steps.iter().map(|(name, minutes)| (*name, minutes * 2.0 / cores as f64)).collect();
        println!("{} steps, {} on {cores} cores", plan.len(), about(plan.iter().map(|(_, minutes)| minutes).sum()));
        if let Ok(mut place) = self.plan.lock() {
            *place = plan;
        }
    }

    /// Runs a step and records its time. Fails at once if a step that ran at the same time has failed.
    pub fn run<T>(&self, name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        if self.failed() {
            return Err(format!("{name}: not started, because another step failed"));
        }
        let start = Instant::now();
        let outcome = if SIDE_BY_SIDE.get() {
            run_with_log(name, work)
        } else {
            print(&format!("\n== {}", self.heading(name)));
            work()
        };
        if let Ok(mut times) = self.times.lock() {
            times.push((name.to_owned(), start.elapsed()));
        }
        outcome.map_err(|why| format!("{name}: {why}"))
    }

    /// Runs several sequences of steps at the same time. After a failure no further step starts. Returns the first error.
    pub fn run_side_by_side(&self, sequences: Vec<Box<dyn FnOnce() -> Outcome + Send + '_>>) -> Outcome {
        let first_error = Mutex::new(Ok(()));
        thread::scope(|scope| {
            for sequence in sequences {
                scope.spawn(|| {
                    SIDE_BY_SIDE.set(true);
                    if let Err(error) = sequence()
                        && !self.failed.swap(true, Ordering::Relaxed)
                        && let Ok(mut first) = first_error.lock()
                    {
                        *first = Err(error);
                    }
                });
            }
        });
        first_error.into_inner().unwrap_or_else(|_| Err("a step panicked".to_owned()))
    }

    /// Whether a sequence of steps has failed, so that no further step starts.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Prints the time of each step since the last report, and the total time.
    pub fn report(&self) {
        let times = self.times.lock().map(|mut times| std::mem::take(&mut *times)).unwrap_or_default();
        if times.is_empty() {
            return;
        }
        println!("\n== time");
        for (name, time) in &times {
            println!("{:>7.1} s  {name}", time.as_secs_f64());
        }
        println!("{:>7.1} s  in total", self.start.elapsed().as_secs_f64());
    }

    /// The name of a step. If it is part of the plan, also its number, its expected time and the time that remains.
    fn heading(&self, name: &str) -> String {
        let plan = self.plan.lock().map(|plan| plan.clone()).unwrap_or_default();
        let Some(index) = plan.iter().position(|(planned, _)| *planned == name) else { return name.to_owned() };
        let left: f64 = plan[index..].iter().map(|(_, minutes)| minutes).sum();
        let (number, count) = (index + 1, plan.len());
        format!("step {number} of {count}: {name} ({}; {} left in total)", about(plan[index].1), about(left))
    }
}

/// Runs a step whose output goes to a file, and prints the file when the step ends.
fn run_with_log<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("-- {name}: started");
    let start = Instant::now();
    let folder = tools::target_folder().join("logs");
    let path = folder.join(format!("{}.log", name.replace(|letter: char| !letter.is_alphanumeric(), "-")));
    let file = fs::create_dir_all(&folder).and_then(|()| File::create(&path));
    let outcome = with_log(file.map_err(|error| format!("{}: {error}", path.display()))?, work);
    let output = String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
    let verdict = if outcome.is_ok() { "done" } else { "failed" };
    println!("\n== {name}: {verdict} after {:.0} s\n{}", start.elapsed().as_secs_f64(), output.trim_end());
    outcome
}

fn about(minutes: f64) -> String {
    match minutes.round() {
        minutes if minutes < 1.0 => "less than a minute".to_owned(),
        1.0 => "about a minute".to_owned(),
        minutes => format!("about {minutes} minutes"),
    }
}
