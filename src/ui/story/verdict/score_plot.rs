//! A score on a scale, compared with the scores of known real and generated scans.

use leptos::prelude::*;

use super::state::VerdictChoice;
use crate::ui::logic::score_scale::{ScoreScale, tenths_below};
use crate::ui::words::{say, use_lang};

/// The scale. Hidden from screen readers; the sentence below it says the same.
#[component]
pub fn ScorePlot(
    /// The choice whose score is shown.
    choice: VerdictChoice,
) -> impl IntoView {
    let lang = use_lang();
    let measured = move || {
        let logit = choice.logit()?;
        let reference =
            choice.verdicts.with(|verdicts| verdicts.as_ref().map(|verdicts| verdicts.reference.clone()))?;
        Some((logit, ScoreScale::around(&reference, logit)?, reference))
    };
    move || {
        let (logit, ruler, reference) = measured()?;
        let percent = move |logit: f32| format!("{:.2}%", ruler.fraction(logit) * 100.0);
        // The middle 80 %: from the first decile to the ninth.
        let row = |group: &[f32], class: &'static str, name: &'static str| {
            let [low, middle, high] = [1, 5, 9].map(|decile| group.get(decile).copied().unwrap_or_default());
            let width = format!("{:.2}%", (ruler.fraction(high) - ruler.fraction(low)) * 100.0);
            view! {
                <div class=format!("scale-row {class}")>
                    <span class="scale-name">{name}</span>
                    <span class="scale-bar" style:left=percent(low) style:width=width></span>
                    <span class="scale-middle" style:left=percent(middle)></span>
                    <span class="scale-line" style:left=percent(logit)></span>
                </div>
            }
        };
        let sentence = say!(
            lang,
            story.verdict.scale,
            score = lang.number(f64::from(logit)),
            real = tenths_below(&reference.real, logit),
            fake = tenths_below(&reference.generated, logit)
        );
        Some(view! {
            <div class="scale" aria-hidden="true">
                {row(&reference.real, "real", say!(lang, story.verdict.row_real))}
                {row(&reference.generated, "fake", say!(lang, story.verdict.row_fake))}
                <span class="scale-mark" style:left=percent(logit)></span>
                <p class="ends"><span>"← "{say!(lang, story.verdict.low)}</span><span>{say!(lang, story.verdict.high)}" →"</span></p>
            </div>
            <p data-testid="verdict-scale">{sentence}</p>
        })
    }
}
