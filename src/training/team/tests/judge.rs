//! Teams whose discriminator has a judge.

use super::*;
use crate::gan::checkpoint::CheckpointError;
use crate::gan::judge::backbone::Backbone;

/// [`state`] with a judge. Its groups of four rows are kept together.
fn judged() -> TrainState {
    let weights = include_bytes!("../../../../static/weights/judge/efficientnet-lite1.safetensors");
    let backbone = Backbone::from_bytes(weights, &Device::flex()).expect("the file of the site");
    state(Trainable::All).with_judge(1.0, backbone)
}

#[test]
fn a_team_with_a_judge_has_the_losses_and_the_heads_of_one_worker() -> Tested {
    let mut alone = judged();
    let before = values(&alone);
    let wanted = losses(&mut alone, &mut Team::default(), 4)?;
    let mut shared = judged();
    assert_eq!(values(&shared), before);
    let mut team = Team::new(Box::new(Threads::start(2, &setup(&shared))?));
    assert_close(&losses(&mut shared, &mut team, 4)?, &wanted);
    // Seven rows are two groups, so there is nothing to do for a third worker.
    assert_eq!(team.at_work(), 2);
    assert_eq!(shares(7, 2, 4), [0..4, 4..7]);
    Ok(())
}

#[test]
fn a_run_with_a_judge_resumes_bit_for_bit() -> Tested {
    let mut uninterrupted = judged();
    losses(&mut uninterrupted, &mut Team::default(), 2)?;
    let saved = read_sync(checkpoint::encode(&uninterrupted, ""))?;
    let expected = losses(&mut uninterrupted, &mut Team::default(), 2)?;
    assert!(matches!(checkpoint::decode(&saved, &Device::flex()), Err(CheckpointError::NeedsJudge)));
    let backbone = uninterrupted.judge.as_ref().map(|judge| judge.backbone.clone());
    let mut resumed = checkpoint::decode_with(&saved, backbone.as_ref(), &Device::flex())?.0;
    assert_eq!(losses(&mut resumed, &mut Team::default(), 2)?, expected);
    assert_eq!(values(&resumed), values(&uninterrupted));
    let [fresh, trained] = [judged(), resumed].map(|state| values(&state));
    for ((name, before), (_, after)) in fresh.iter().zip(&trained) {
        // As long as all logits lie within the hinge, the biases see as much from one side as from the other.
        let of_judge =
            ["whole", "across", "down"].iter().any(|part| name.starts_with(part)) && !name.ends_with(".bias");
        assert!(
            !of_judge || (before != after) == name.starts_with("whole"),
            "the heads learn, the mixing does not: {name}"
        );
    }
    Ok(())
}
