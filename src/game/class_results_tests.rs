use super::*;
use crate::game::difficulty::Difficulty;
use crate::game::settings::ClassRules;

fn settings(mode: GameMode) -> GameSettings {
    let class = Some(ClassRules { half: 4, clues: true });
    GameSettings { seed: 7, mode, level: Difficulty::Hard, class }
}

fn choices(text: &str) -> Vec<Choice> {
    let choice = |letter| match letter {
        '1' => Choice::First,
        '2' => Choice::Second,
        _ => Choice::Missed,
    };
    text.chars().map(choice).collect()
}

/// A game of two halves of four rounds.
fn game(mode: GameMode) -> ClassGame {
    ClassGame::new(&settings(mode), "t1ce", 64, 4, choices("12122112"))
}

#[test]
fn wrong_foreign_and_double_codes_are_named_by_line() {
    let game = game(GameMode::Single);
    let [one, two] = [game.code(&choices("12122112"), 1), game.code(&choices("-2122112"), 2)];
    let other = ClassGame::new(&settings(GameMode::Pairs), "t1ce", 64, 4, choices("12122112"));
    let foreign = other.code(&choices("12122112"), 1);
    let mut wrong = one.clone().into_bytes();
    wrong[2] = if wrong[2] == b'7' { b'8' } else { b'7' };
    let wrong = String::from_utf8(wrong).expect("ASCII");
    let text =
        format!("{one}\n\n {}\r\n{foreign}\n{wrong}\nmijn code\n{}\nABC", two.to_lowercase(), one.replace('-', " "));
    let reading = game.read(&text);
    assert_eq!(
        reading.pupils.iter().map(|pupil| (pupil.line, pupil.code.clone())).collect::<Vec<_>>(),
        [(1, one), (3, two)]
    );
    assert_eq!(reading.pupils[1].answers, choices("-2122112"));
    let problems = [
        (4, LineProblem::OtherGame),
        (5, LineProblem::Code(CodeError::Check)),
        (6, LineProblem::Code(CodeError::Character('i'))),
        (7, LineProblem::Double(1)),
        (8, LineProblem::Code(CodeError::Length(3))),
    ];
    assert_eq!(reading.problems, problems);
}

#[test]
fn two_pupils_with_the_same_answers_have_different_codes() {
    let game = game(GameMode::Single);
    let codes: std::collections::BTreeSet<String> =
        (0..30).map(|tag_seed| game.code(&choices("12122112"), tag_seed)).collect();
    assert!(codes.len() >= 29, "{} of 30", codes.len());
    assert_eq!(game.code(&choices("1"), 5), game.code(&choices("1"), 5), "a code stays the same in a tab");
}

#[test]
fn every_setting_marks_another_game() {
    let key = || choices("12122112");
    let of = |settings: &GameSettings, model, size| ClassGame::new(settings, model, size, 4, key()).fingerprint;
    let usual = settings(GameMode::Single);
    let mut fingerprints = vec![of(&usual, "t1ce", 64), of(&usual, "flair", 64), of(&usual, "t1ce", 128)];
    fingerprints.push(ClassGame::new(&usual, "t1ce", 64, 4, choices("21122112")).fingerprint);
    for other in [
        GameSettings { seed: 8, ..usual },
        GameSettings { mode: GameMode::Pairs, ..usual },
        GameSettings { level: Difficulty::Easy, ..usual },
        GameSettings { class: Some(ClassRules { half: 4, clues: false }), ..usual },
        GameSettings { class: Some(ClassRules { half: 6, clues: true }), ..usual },
    ] {
        fingerprints.push(of(&other, "t1ce", 64));
    }
    let different: std::collections::BTreeSet<u16> = fingerprints.iter().copied().collect();
    assert_eq!(different.len(), fingerprints.len(), "{fingerprints:?}");
    // Over many games, fingerprints are spread evenly.
    let mut counts = [0; 4];
    for seed in 0..2000 {
        counts[usize::from(of(&GameSettings { seed, ..usual }, "t1ce", 64) / (FINGERPRINTS / 4))] += 1;
    }
    assert!(counts.iter().all(|count| (430..570).contains(count)), "{counts:?}");
}

#[test]
fn answers_are_added_up() {
    let game = game(GameMode::Single);
    // 8 right; 6 right with two misses in the first half; 3 right of those that call everything real.
    let text = ["12122112", "21122112", "1111-111"].map(|answers| game.code(&choices(answers), 3)).join("\n");
    let reading = game.read(&text);
    assert_eq!((reading.pupils.len(), reading.problems.len()), (3, 0));
    let summary = game.summarise(&reading.pupils);
    assert_eq!(summary.pupils, 3);
    assert_eq!(summary.scores, [0, 0, 0, 0, 1, 0, 1, 0, 1]);
    assert_eq!(summary.right, Proportion { part: 18, whole: 24 });
    assert_eq!(summary.halves, [Proportion { part: 8, whole: 12 }, Proportion { part: 10, whole: 12 }]);
    let tally = summary.tally.expect("single scans");
    assert_eq!(tally.right, summary.right);
    // Fakes are in rounds 2, 4, 5 and 8.
    assert_eq!(tally.fakes_detected, Proportion { part: 4 + 3, whole: 12 });
    assert_eq!(tally.reals_rejected, Proportion { part: 1, whole: 12 });
    assert_eq!(summary.rounds[4], RoundResult { round: 4, right: 2, wrong: 0, missed: 1 });
    let hardest: Vec<(usize, usize)> = summary.hardest(3).iter().map(|round| (round.round, round.wrong)).collect();
    assert_eq!(hardest, [(1, 2), (0, 1), (3, 1)]);
    assert_eq!(summary.hardest(20).len(), 5, "rounds that all had right are not hard");
}

#[test]
fn without_pupils_nothing_is_claimed() {
    let summary = game(GameMode::Pairs).summarise(&[]);
    assert_eq!((summary.pupils, summary.right), (0, Proportion::default()));
    assert!(summary.tally.is_none() && summary.hardest(5).is_empty());
}

#[test]
fn the_table_has_the_key_and_all_pupils() {
    let game = game(GameMode::Single);
    let code = game.code(&choices("1212-111"), 3);
    let table = game.csv(&game.read(&code).pupils);
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert!(
        lines[0].starts_with("code,right,right_first_half,right_second_half,round_1,") && lines[0].ends_with("round_8")
    );
    assert_eq!(lines[1], "key,8,4,4,real,fake,real,fake,fake,real,real,fake");
    assert_eq!(lines[2], format!("{code},6,4,2,real,fake,real,fake,late,real,real,real"));
    assert_eq!(lines.len(), 4);
    let sought = ClassGame::new(&settings(GameMode::Tumour), "t1ce", 64, 4, choices("1111"));
    assert!(
        sought.csv(&sought.read(&sought.code(&choices("12-1"), 3)).pupils).contains(",2,2,0,hit,beside,late,hit\r\n")
    );
}
