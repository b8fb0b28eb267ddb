//! What an expectation profile must be, whoever asks.

use super::model::ExpectedTask;
use crate::error::{Result, Rule};
use crate::kernel::checks::each_once;

/// 409: an organisation has one profile for a qualification and study year.
pub(super) const ALREADY_ENTERED: Rule = Rule {
    code: "already-recorded",
    nl: "Voor deze kwalificatie en dit leerjaar hebt u al een profiel; wijzig dat.",
    en: "You already have a profile for this qualification and study year; change that one.",
};

/// Refuses a task that is named twice.
pub(super) fn named_once(tasks: &[ExpectedTask]) -> Result<()> {
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    each_once("/tasks", &names)
}

#[cfg(test)]
mod tests {
    use super::named_once;
    use crate::education::expectation_profiles::model::ExpectedTask;

    #[test]
    fn a_task_stands_in_a_profile_once() {
        let task = |name: &str| -> ExpectedTask {
            serde_json::from_value(serde_json::json!({"name": name, "fromWeek": 1, "independence": "supervised"}))
                .unwrap()
        };
        assert!(named_once(&[task("Telefoon"), task("Balie")]).is_ok());
        assert!(named_once(&[task("Telefoon"), task("Telefoon")]).is_err());
    }
}
