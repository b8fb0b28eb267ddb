//! What becomes of a mail after an attempt.

use std::borrow::Cow;
use std::time::Duration;

/// How often a mail is tried before it is given up; with the waits between, about thirty hours.
const ATTEMPTS: i32 = 10;
/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_hours(6);
/// How long everything waits while the mail server is away.
pub(super) const AWAY: Duration = Duration::from_secs(30);

/// What an attempt came to; codes say why, without a word of the mail server's, which may hold the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The mail server took it.
    Sent,
    /// The mail server is away or does not let us in: no fault of this mail's.
    Away(Code),
    /// Not now.
    Deferred(Code),
    /// Never.
    Refused(Code),
}

/// Why a mail was not sent.
pub(super) type Code = Cow<'static, str>;

/// What to note of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is done.
    Sent,
    /// It is tried again after this time.
    Later { code: Code, wait: Duration, counts: bool },
    /// It is not tried again.
    GivenUp(Code),
}

/// What becomes of a mail after this attempt, the `attempts`-th one.
pub(super) fn fate(delivery: Delivery, attempts: i32) -> Fate {
    match delivery {
        Delivery::Sent => Fate::Sent,
        Delivery::Away(code) => Fate::Later { code, wait: AWAY, counts: false },
        Delivery::Deferred(code) if attempts < ATTEMPTS => Fate::Later { code, wait: wait(attempts), counts: true },
        Delivery::Deferred(code) | Delivery::Refused(code) => Fate::GivenUp(code),
    }
}

/// Whether a mail was tried so often without an end that trying it ends the process, it seems.
pub(super) fn is_worn_out(attempts: i32) -> bool {
    attempts > ATTEMPTS
}

/// A minute, then four times as long each time.
fn wait(attempts: i32) -> Duration {
    let steps = u32::try_from(attempts - 1).unwrap_or_default().min(8);
    Duration::from_mins(4_u64.pow(steps)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ATTEMPTS, AWAY, Delivery, Fate, fate};

    fn minutes(attempts: i32) -> u64 {
        match fate(Delivery::Deferred("smtp-451".into()), attempts) {
            Fate::Later { wait, counts: true, .. } => wait.as_secs() / 60,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_deferred_mail_waits_longer_each_time_and_is_given_up_at_last() {
        let waits: Vec<u64> = (1..ATTEMPTS).map(minutes).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 360, 360, 360, 360]);
        assert!(waits.iter().sum::<u64>() < 36 * 60);
        assert_eq!(fate(Delivery::Deferred("smtp-451".into()), ATTEMPTS), Fate::GivenUp("smtp-451".into()));
    }

    #[test]
    fn a_refused_mail_is_given_up_at_once() {
        assert_eq!(fate(Delivery::Refused("smtp-550".into()), 1), Fate::GivenUp("smtp-550".into()));
    }

    #[test]
    fn a_mail_server_that_is_away_costs_no_attempt() {
        for attempts in [1, ATTEMPTS, ATTEMPTS + 5] {
            let later = Fate::Later { code: "unreachable".into(), wait: AWAY, counts: false };
            assert_eq!(fate(Delivery::Away("unreachable".into()), attempts), later);
        }
        assert!(AWAY <= Duration::from_mins(1));
    }
}
