//! `lab`: a small experiment from the data to the report, and the reasons why one is refused.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use hersenscan::gan::preset::Network;
use serde_json::Value;

use crate::support::{Folder, Tested, command, complaint, hersenscan, patients, weights};

/// As small as an experiment can be.
const QUICK: [&str; 9] = ["lab", "--size", "16", "--steps", "2", "--each", "4", "--patients", "4,all"];

fn refused(arguments: &[&str], files: &[(&str, &Path)], reason: &str) -> Tested {
    let said = complaint(hersenscan(&[&QUICK[..7], arguments].concat(), files)?)?;
    assert!(said.contains(reason), "{reason}: {said}");
    Ok(())
}

#[test]
fn an_experiment_that_was_stopped_ends_with_the_same_report() -> Tested {
    let folder = Folder::new()?;
    let (data, file) = (patients(&folder)?, folder.file("weights.safetensors", &weights(Network::Generator)?)?);
    let [whole, half] = ["new/whole.json", "half.json"].map(|name| folder.path(name));
    let run = |out: &Path, arguments: &[&str]| {
        let files = [("--weights", file.as_path()), ("--data", &data), ("--out", out)];
        hersenscan(&[&QUICK[..], arguments].concat(), &files)
    };
    let output = run(&whole, &["--repetitions", "2"])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    for part in ["sharing:", "10 test persons cannot tell", "real + fakes", "AUC", "unclear", "it is not known whom"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(fs::read_to_string(whole.with_extension("svg"))?.contains("fakes only"));

    let output = run(&half, &["--repetitions", "1"])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(complaint(run(&half, &["--repetitions", "2"])?)?.contains("add --resume"));
    assert!(complaint(run(&half, &["--repetitions", "2", "--resume", "--seed", "1"])?)?.contains("other settings"));
    let output = run(&half, &["--repetitions", "2", "--resume"])?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_to_string(&half)?, fs::read_to_string(&whole)?);

    let report: Value = serde_json::from_slice(&fs::read(&whole)?)?;
    let parts = report["parts"].as_array().ok_or("no parts")?;
    let numbers: Vec<(&Value, &Value)> = parts.iter().map(|part| (&part["reader"], &part["patients"])).collect();
    let wanted: [(Value, Value); 4] =
        [("type", 4), ("type", 10), ("where", 4), ("where", 10)].map(|(learner, count)| (learner.into(), count.into()));
    assert_eq!(numbers, wanted.iter().map(|(learner, count)| (learner, count)).collect::<Vec<_>>());
    // Five arms, two repetitions, a value for each of ten test persons.
    assert_eq!(parts[0]["runs"].as_array().map(Vec::len), Some(10));
    assert_eq!(parts[0]["runs"][9]["values"].as_array().map(Vec::len), Some(10));
    assert_eq!(parts[0]["results"][1]["measure"], "auc");
    Ok(())
}

/// Ctrl-C keeps what is finished, and a resumed experiment makes the rest.
#[cfg(unix)]
#[test]
fn ctrl_c_keeps_the_finished_runs() -> Tested {
    let folder = Folder::new()?;
    let (data, file) = (patients(&folder)?, folder.file("weights.safetensors", &weights(Network::Generator)?)?);
    let out = folder.path("report.json");
    let runs = || -> Option<usize> {
        let report: Value = serde_json::from_slice(&fs::read(&out).ok()?).ok()?;
        Some(report["parts"][0]["runs"].as_array()?.len())
    };
    let arguments = ["lab", "--size", "16", "--each", "4", "--patients", "4", "--learner", "type"];
    let arguments = [&arguments[..], &["--steps", "60", "--repetitions", "12"]].concat();
    let files = [("--weights", file.as_path()), ("--data", data.as_path()), ("--out", out.as_path())];
    let mut program = command(&arguments, &files).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    while runs().unwrap_or_default() < 2 {
        assert!(program.try_wait()?.is_none(), "it ended too early");
        sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &program.id().to_string()]).status()?.success());
    let output = program.wait_with_output()?;
    let said = String::from_utf8(output.stdout)?;
    let kept = runs().ok_or("the report has no runs")?;
    assert!(output.status.success() && (2..60).contains(&kept), "{kept} runs: {said}");
    assert!(said.contains(&format!("{} runs are left", 60 - kept)), "{said}");
    let output = hersenscan(&[&arguments[..], &["--resume"]].concat(), &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(runs(), Some(60));
    Ok(())
}

#[test]
fn a_leak_is_refused_with_the_name_of_the_person() -> Tested {
    let folder = Folder::new()?;
    let (data, out) = (patients(&folder)?, folder.path("report.json"));
    let file = folder.file("weights.safetensors", &weights(Network::Generator)?)?;
    let leak = folder.file("leak.txt", b"person 0\nperson 1\nperson 12\n")?;
    let few = folder.file("few.txt", b"person 0\nperson 1\n\n")?;
    let nobody = folder.file("nobody.txt", b"person 0\nperson 1\nperson 99\n")?;
    let files = |list| {
        [("--weights", file.as_path()), ("--data", data.as_path()), ("--out", &out), ("--generator-persons", list)]
    };
    refused(&[], &files(&leak), "person person 12 is a test person and the generator learned from them")?;
    refused(&[], &files(&nobody), "person person 99 is to be learned from but has no train slices")?;
    refused(&["--patients", "4"], &files(&few), "the generator learned from 2 persons")?;
    refused(&["--question", "stretching"], &files(&few)[..3], "give --generator-persons")?;
    assert!(!out.exists(), "nothing is written before all inputs have been checked");

    // The persons of the generator are known, so the question is stretching.
    let output = hersenscan(&[&QUICK[..7], &["--repetitions", "1", "--learner", "type"]].concat(), &files(&few))?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&fs::read(&out)?)?;
    assert_eq!(report["settings"]["question"], "stretching");
    assert_eq!(report["settings"]["fakes"]["persons"], serde_json::json!(["person 0", "person 1"]));
    assert_eq!(report["parts"][0]["patients"], 2);
    Ok(())
}

/// A generator that was trained on drawn persons names them, so the lab gives its learners the same persons.
#[test]
fn a_generator_of_few_persons_is_asked_about_stretching() -> Tested {
    let folder = Folder::new()?;
    let (data, out, run) = (patients(&folder)?, folder.path("report.json"), folder.path("run"));
    let train = ["train", "--preset", "t32", "--batch", "4", "--kimg", "0.004", "--persons"];
    let arguments = |count: &'static str| [&train[..], &[count]].concat();
    let folders = [("--data", data.as_path()), ("--out", &run)];
    let said = complaint(hersenscan(&arguments("11"), &folders)?)?;
    assert!(said.contains("has only 10 train persons"), "{said}");
    let others = folder.path("others.safetensors");
    let output = hersenscan(&arguments("4"), &[&folders[..], &[("--from", others.as_path())]].concat())?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("cannot be used with"), "{said}");
    let output = hersenscan(&arguments("4"), &folders)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let weights = run.join("weights.safetensors");
    let files = [("--weights", weights.as_path()), ("--data", &data), ("--out", &out)];
    let output = hersenscan(&[&QUICK[..7], &["--repetitions", "1", "--learner", "type"]].concat(), &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&fs::read(&out)?)?;
    assert_eq!(report["settings"]["question"], "stretching");
    // From Python: the first two of each class, sorted by hashlib.sha256(b"lab person N").
    let first = ["person 0", "person 4", "person 5", "person 7"];
    assert_eq!(report["settings"]["fakes"]["persons"], serde_json::json!(first));
    assert_eq!(report["parts"][0]["patients"], 4);
    Ok(())
}

#[test]
fn fakes_of_any_generator_come_from_a_folder() -> Tested {
    let folder = Folder::new()?;
    let (data, out, scans) = (patients(&folder)?, folder.path("report.json"), folder.path("scans"));
    let files = [("--images", scans.as_path()), ("--data", &data), ("--out", &out)];
    refused(&[], &files, "cannot open the folder")?;
    fs::create_dir_all(&scans)?;
    for index in 0..4 {
        fs::copy(data.join(format!("image/{index}.png")), scans.join(format!("000{index}.png")))?;
    }
    refused(&[], &files, "needs samples.csv")?;
    let table =
        |other: &str| format!("file,class\n0000.png,glioma\n0001.png,glioma\n0002.png,glioma\n0003.png,{other}\n");
    fs::write(scans.join("samples.csv"), table("other"))?;
    refused(&[], &files, "samples.csv has the class \"other\"")?;
    fs::write(scans.join("samples.csv"), table("glioma"))?;
    refused(&[], &files, "has no scan of the class pituitary")?;
    fs::write(scans.join("samples.csv"), table("pituitary"))?;
    refused(&["--learner", "where"], &files, "the fakes have no masks")?;
    let output = hersenscan(&[&QUICK[..], &["--repetitions", "1"]].concat(), &files)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8(output.stdout)?.contains("the learner \"where\" is left out: the fakes have no masks"));
    Ok(())
}
