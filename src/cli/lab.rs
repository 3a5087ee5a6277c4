//! `hersenscan lab`: does a network do better if it also learns from generated scans?

mod fakes;
mod progress;
mod workers;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use super::args::LabArgs;
use crate::lab::draw::{Question, order};
use crate::lab::learner::{Learner, Learning};
use crate::lab::people::{People, PersonSlice};
use crate::lab::report::{LabReport, Settings};
use crate::lab::{picture, table};
use crate::mark::SOFTWARE;
use crate::slices::dataset::{Dataset, DatasetSlice};
use fakes::FakeSupply;
use progress::LabProgressBar;
use workers::LabWorkers;

/// Numbers of persons if none are given. The last one means all.
const PATIENTS: [usize; 4] = [10, 20, 40, usize::MAX];
/// Time between two checks of the main thread for Ctrl-C.
const CTRL_C_POLL: Duration = Duration::from_millis(100);

/// Runs the command.
///
/// # Errors
/// If data, fakes or an earlier report cannot be used, or the report cannot be written. The message says what to do.
pub fn run(args: &LabArgs) -> Result<(), Box<dyn Error>> {
    eprintln!("reading {}", args.data.display());
    let data = Dataset::read(&args.data, args.size)?;
    let people = people(&data)?;
    let supply = FakeSupply::open(args, &people)?;
    if let Some(persons) = &supply.source.persons {
        people.check_generator(persons)?;
    }
    let plan = LabPlan::new(args, &people, &supply)?;
    let mut report = plan.report(args, &people, &supply)?;
    open(args, &mut report)?;
    print!("{}", table::before(&report));

    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))?;
    let jobs = report.jobs();
    let mut bar = LabProgressBar::new(&jobs);
    let persons = (0..args.repetitions).map(|repetition| plan.order(&people, repetition)).collect();
    let runs = LabWorkers { people, supply, persons, learning: report.settings.learning }.start(jobs);
    loop {
        match runs.recv_timeout(CTRL_C_POLL) {
            Ok(done) => {
                report.add(done.job.part, done.run?);
                bar.done(&done.job, done.seconds);
                save(&args.out, &report)?;
            }
            Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Relaxed) => bar.tick(),
            Err(_) => break,
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    bar.finish();
    report.evaluate();
    save(&args.out, &report)?;
    let drawing = args.out.with_extension("svg");
    write(&drawing, picture::differences(&report).as_bytes())?;
    print!("{}", table::results(&report));
    let left = report.jobs().len();
    if left > 0 {
        println!("{left} runs are left: the same command with --resume goes on");
    }
    println!("the report is in {}, the picture in {}", args.out.display(), drawing.display());
    Ok(())
}

/// Train and test persons of a data folder. Validation persons are train persons: generators may have seen them.
fn people(data: &Dataset) -> Result<People, Box<dyn Error>> {
    let slice = |it: &DatasetSlice| PersonSlice { person: it.patient.clone(), labelled: it.labelled.clone() };
    let train = data.train.iter().chain(&data.validation).map(slice).collect();
    let test = data.test.iter().map(slice).collect();
    Ok(People::new(data.size, data.classes.clone(), train, test)?)
}

/// The plan of an experiment: question, learners, and numbers of persons.
struct LabPlan {
    question: Question,
    learners: Vec<Learner>,
    patients: Vec<usize>,
    /// For [`Question::Stretching`]: the persons of all repetitions. Empty otherwise.
    generator_persons: Vec<String>,
    notes: Vec<String>,
}

impl LabPlan {
    fn new(args: &LabArgs, people: &People, supply: &FakeSupply) -> Result<Self, Box<dyn Error>> {
        let mut notes = Vec::new();
        let known = supply.source.persons.as_deref();
        let question = match (args.question.map(Question::from), known) {
            (Some(Question::Stretching), None) => {
                return Err(
                    "stretching needs to know whom the generator learned from: give --generator-persons FILE".into()
                );
            }
            (Some(question), _) => question,
            (None, Some(_)) => Question::Stretching,
            (None, None) => Question::Sharing,
        };
        let (mut patients, mut generator_persons) = (args.patients.clone(), Vec::new());
        match (question, known) {
            (Question::Stretching, Some(known)) => {
                people.learned(known)?;
                generator_persons = known.to_vec();
                if patients.is_empty() {
                    patients.push(known.len());
                }
                if patients != [known.len()] {
                    let count = known.len();
                    return Err(format!("the generator learned from {count} persons: stretching is about these, so leave --patients out").into());
                }
                notes.push("all repetitions have the same train persons, so intervals say nothing about other draws".into());
            }
            (_, Some(known)) => {
                let own = people.train_persons();
                let among = known.iter().filter(|person| own.contains_key(person.as_str())).count();
                notes.push(format!(
                    "the generator learned from {} persons, {among} of whom may be drawn to learn from as well",
                    known.len()
                ));
            }
            (_, None) => notes.push(
                "it is not known whom the generator learned from, so this is taken as sharing; that it never saw the test \
                 persons cannot be checked"
                    .into(),
            ),
        }
        if patients.is_empty() {
            patients = PATIENTS.into();
        }
        let mut learners = Vec::new();
        for learner in args.learner.iter().copied().map(Learner::from) {
            let without = (learner == Learner::Segmenter && !supply.masks).then_some("the fakes have no masks");
            match learner.obstacle(people).or(without) {
                Some(reason) => notes.push(format!("the learner \"{}\" is left out: {reason}", learner.label())),
                None => learners.push(learner),
            }
        }
        if learners.is_empty() {
            return Err(format!("no learner is left: {}", notes.join("; ")).into());
        }
        Ok(Self { question, learners, patients, generator_persons, notes })
    }

    /// The train persons of a repetition, in the order in which they are taken.
    fn order(&self, people: &People, repetition: usize) -> Vec<String> {
        match self.question {
            Question::Sharing => order(&people.train_persons(), Some(repetition)),
            Question::Stretching => self.generator_persons.clone(),
        }
    }

    fn report(&self, args: &LabArgs, people: &People, supply: &FakeSupply) -> Result<LabReport, Box<dyn Error>> {
        // Rounded, because the report keeps six decimals: a resumed experiment must have the same share.
        let fakes = (args.fakes * 1e6).round() / 1e6;
        let learning = Learning { steps: args.steps, fakes, seed: args.seed };
        let settings = Settings {
            question: self.question,
            data: args.data.display().to_string(),
            size: args.size,
            classes: people.classes().to_vec(),
            persons: [people.train_persons().len(), people.test_persons()],
            fakes: supply.source.clone(),
            repetitions: args.repetitions,
            learning,
        };
        let report =
            LabReport::new(SOFTWARE.to_owned(), settings, self.notes.clone(), &self.learners, &self.patients, people);
        // Refuse an arm that cannot run now, not after hours.
        for repetition in 0..args.repetitions {
            let persons = self.order(people, repetition);
            for part in &report.parts {
                people.learned(&persons[..part.patients])?;
            }
        }
        Ok(report)
    }
}

/// Prepares the file of the report. With `--resume`, also reads the earlier report in it.
fn open(args: &LabArgs, report: &mut LabReport) -> Result<(), Box<dyn Error>> {
    let path = args.out.display();
    if let Some(folder) = args.out.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make the folder {}: {error}", folder.display()))?;
    }
    if args.resume {
        let bytes = fs::read(&args.out).map_err(|error| format!("nothing to resume: cannot read {path}: {error}"))?;
        let earlier = serde_json::from_slice(&bytes).map_err(|error| format!("{path} is not a report: {error}"))?;
        report.resume(earlier).map_err(|reason| format!("{path}: {reason}"))?;
    } else if args.out.exists() {
        return Err(format!("{path} exists already: add --resume to go on with it, or choose another --out").into());
    }
    save(&args.out, report)?;
    Ok(())
}

fn save(path: &Path, report: &LabReport) -> Result<(), Box<dyn Error>> {
    // A rename is atomic, so a power cut leaves the old report or the new one.
    let partial = path.with_extension("partial");
    write(&partial, &serde_json::to_vec(report)?)?;
    fs::rename(&partial, path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
