//! The declarative part: states, ways between them, who may take each, with which reasons.

use chrono::NaiveDate;
use serde_json::Value;

use crate::auth::Actor;
use crate::db::Breach;
use crate::error::{Error, Fault, Result, Rule, Text};
use crate::kernel::coded::Coded;
use crate::kernel::role::Role;
use crate::kernel::text::Prose;
use crate::kernel::today::Today;

/// 409: there is no such way from the state it is in; `allowedTransitions` lists those there are.
pub const INVALID_TRANSITION: Rule = Rule {
    code: "invalid-transition",
    nl: "Vanuit de huidige status kan dit niet; allowedTransitions noemt wat wel kan.",
    en: "This is not possible from the current state; allowedTransitions names what is.",
};
/// 400: facts are recorded on or after the previous one and never ahead of today.
pub const EFFECTIVE_ON: Rule = Rule {
    code: "effective-on-out-of-order",
    nl: "De ingangsdatum ligt na vandaag of vóór de vorige stap.",
    en: "The effective date lies after today or before the previous step.",
};
/// 400: this step needs a coded reason.
pub const REASON_REQUIRED: Rule = Rule {
    code: "reason-required",
    nl: "Deze stap vraagt een reasonCode uit de lijst van het contract.",
    en: "This step needs a reasonCode from the contract's list.",
};

/// 400: this step has no coded reasons.
pub const REASON_NOT_EXPECTED: Rule = Rule {
    code: "reason-not-expected",
    nl: "Bij deze stap hoort geen reasonCode; zet een toelichting in note.",
    en: "This step takes no reasonCode; put a remark in note.",
};

/// A state of a lifecycle: a code list.
pub trait State: Coded {
    /// The lifecycle this state belongs to.
    fn lifecycle() -> &'static LifecycleTable<Self>;
}

/// One way from a state to another.
#[derive(Debug)]
pub struct Way<S: 'static> {
    /// From.
    pub from: S,
    /// To.
    pub to: S,
    /// Roles whose clients may take it, on rows that are theirs.
    pub roles: &'static [Role],
    /// Coded reasons, one of which must be given; none when empty.
    pub reasons: &'static [&'static str],
}

/// A way that nobody takes by hand: it follows something else.
#[derive(Debug)]
pub struct Follow<S: 'static> {
    /// From.
    pub from: S,
    /// To.
    pub to: S,
    /// What it follows, as in "follows the placement".
    pub cause: &'static str,
    /// The coded reason that is recorded, if any.
    pub reason: Option<&'static str>,
}

/// A state that is computed, never set.
#[derive(Debug)]
pub struct Derived {
    /// Shown as.
    pub state: &'static str,
    /// When.
    pub when: &'static str,
}

/// Who corrects a recorded step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mender {
    /// The organisation that took it, or in whose name it was taken, so that neither side undoes what
    /// the other did.
    Taker,
    /// Whoever may write the resource, where all who may have the same rights on it.
    Writer,
}

impl Mender {
    /// The same in words, for `docs/lifecycles.md`.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::Taker => "the organisation that took it, or in whose name it was taken",
            Self::Writer => "whoever may write the resource",
        }
    }
}

/// The lifecycle of a resource.
#[derive(Debug)]
pub struct LifecycleTable<S: 'static> {
    /// Singular of the resource, snake_case: its history is in `<resource>_transitions`.
    pub resource: &'static str,
    /// Plural: the resource's own table.
    pub table: &'static str,
    /// Where it begins.
    pub initial: &'static [S],
    /// Every way that callers take.
    pub ways: &'static [Way<S>],
    /// The ways that are taken of themselves.
    pub follows: &'static [Follow<S>],
    /// States that are computed.
    pub derived: &'static [Derived],
    /// Who corrects a step.
    pub mended_by: Mender,
    /// Constraints of the database that may refuse a step, and with which rule.
    pub refusals: &'static [(&'static str, Breach)],
    /// The scope a caller needs for any step.
    pub scope: &'static str,
}

/// A step as a caller asks for it.
#[derive(Debug, Clone)]
pub struct Request<S> {
    /// The state wanted.
    pub to: S,
    /// The day it took effect; today when absent.
    pub effective_on: Option<NaiveDate>,
    /// Coded reason.
    pub reason_code: Option<String>,
    /// Remark.
    pub note: Option<Prose>,
}

/// A step that the rules allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move<S> {
    /// From.
    pub from: S,
    /// To.
    pub to: S,
    /// Day.
    pub effective_on: NaiveDate,
    /// Coded reason.
    pub reason_code: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

impl<S: State> Move<S> {
    /// The step as codes, for the audit trail.
    #[must_use]
    pub fn codes(&self) -> Value {
        serde_json::json!({ "from": self.from.code(), "to": self.to.code(), "reasonCode": self.reason_code })
    }
}

impl<S: State> LifecycleTable<S> {
    /// Whether any way leads to `to` for the caller's role: asked before any look-up. Where no role
    /// has a way because the state only follows something else, it is not the role that lacks it:
    /// [`Self::decide`] then says what can be done instead.
    ///
    /// # Errors
    /// 403 `scope-missing`.
    pub fn may_ask(&self, actor: &Actor, to: S) -> Result<()> {
        let mut ways = self.ways.iter().filter(|way| way.to == to).peekable();
        let follows = ways.peek().is_none() && self.follows.iter().any(|follow| follow.to == to);
        let open = ways.any(|way| actor.role.is_some_and(|role| way.roles.contains(&role)));
        if open || follows { Ok(()) } else { Err(Error::ScopeMissing(self.scope)) }
    }

    /// The step of itself from one state to another, as [`super::follow`] records it; none when there
    /// is no such way.
    #[must_use]
    pub fn following(&self, from: S, to: S, effective_on: NaiveDate) -> Option<Move<S>> {
        let follow = self.follows.iter().find(|follow| follow.from == from && follow.to == to)?;
        let reason_code = follow.reason.map(str::to_owned);
        Some(Move { from, to, effective_on, reason_code, note: None })
    }

    /// The states this caller may move to from here, given that the row is the caller's.
    #[must_use]
    pub fn allowed(&self, actor: &Actor, from: S) -> Vec<S> {
        self.ways
            .iter()
            .filter(|way| way.from == from && actor.role.is_some_and(|role| way.roles.contains(&role)))
            .map(|way| way.to)
            .collect()
    }

    /// Decides a step: the way exists for this caller, the day is in order, a reason is given
    /// where one is needed.
    ///
    /// # Errors
    /// 409 `invalid-transition`, 400 for day or reason.
    pub fn decide(
        &self,
        actor: &Actor,
        from: S,
        previous: NaiveDate,
        today: Today,
        asked: Request<S>,
    ) -> Result<Move<S>> {
        let way = self
            .ways
            .iter()
            .find(|way| {
                way.from == from && way.to == asked.to && actor.role.is_some_and(|role| way.roles.contains(&role))
            })
            .ok_or_else(|| invalid_transition(from, &self.allowed(actor, from)))?;
        let effective_on = asked.effective_on.unwrap_or(today.0.max(previous));
        let mut faults = Vec::new();
        if today.is_before(effective_on) || effective_on < previous {
            faults.push(EFFECTIVE_ON.fault("/effectiveOn"));
        }
        faults.extend(reason_fault(way.reasons, asked.reason_code.as_deref()));
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        Ok(Move { from, to: asked.to, effective_on, reason_code: asked.reason_code, note: asked.note.map(Into::into) })
    }

    /// Whether this step is one that nobody takes by hand.
    pub(super) fn only_follows(&self, from: &str, to: &str) -> bool {
        let is_step = |known: (S, S)| known.0.code() == from && known.1.code() == to;
        self.follows.iter().any(|follow| is_step((follow.from, follow.to)))
            && !self.ways.iter().any(|way| is_step((way.from, way.to)))
    }
}

/// 409 `invalid-transition`, with the steps that the caller may take from here: where they are fewer than
/// those of its role, which is all that [`LifecycleTable::decide`] knows, the resource names them.
#[must_use]
pub fn invalid_transition<S: Coded>(from: S, allowed: &[S]) -> Error {
    let allowed: Vec<Value> = allowed.iter().map(|state| Value::from(state.code())).collect();
    INVALID_TRANSITION.conflict().with("currentStatus", from.code()).with("allowedTransitions", allowed)
}

fn reason_fault(reasons: &'static [&'static str], given: Option<&str>) -> Option<Fault> {
    match given {
        None if reasons.is_empty() => None,
        Some(given) if reasons.contains(&given) => None,
        Some(_) if reasons.is_empty() => Some(REASON_NOT_EXPECTED.fault("/reasonCode")),
        _ => {
            let mut fault = REASON_REQUIRED.fault("/reasonCode");
            let list = reasons.join(", ");
            fault.detail =
                Text::new(format!("Geef een van deze redenen: {list}."), format!("Give one of these reasons: {list}."));
            Some(fault)
        }
    }
}

/// The one of none or one, for [`lifecycle!`](crate::lifecycle!).
#[must_use]
pub const fn optional(given: &[&'static str]) -> Option<&'static str> {
    match given {
        [given, ..] => Some(*given),
        [] => None,
    }
}

/// Declares a resource's lifecycle table beside its state list. After `follows` stand the ways that
/// nobody takes by hand, each with what it follows and, with `as`, the reason that is recorded.
#[macro_export]
macro_rules! lifecycle {
    (
        $(#[$doc:meta])*
        $table:ident of $state:ident, $resource:literal in $plural:literal, scope $scope:expr,
        begins [$($initial:ident)+] mended by $mender:ident
        ways { $($from:ident => $to:ident by [$($role:ident)+] $(because [$($reason:literal)+])?;)+ }
        $(follows { $($before:ident => $after:ident $cause:literal $(as $recorded:literal)?;)+ })?
        $(derived { $($derived:literal when $when:literal;)+ })?
        $(refused by { $($constraint:literal as $rule:expr;)+ })?
    ) => {
        $(#[$doc])*
        pub static $table: $crate::lifecycle::LifecycleTable<$state> = $crate::lifecycle::LifecycleTable {
            resource: $resource,
            table: $plural,
            initial: &[$($state::$initial),+],
            ways: &[$($crate::lifecycle::Way {
                from: $state::$from,
                to: $state::$to,
                roles: &[$($crate::kernel::role::Role::$role),+],
                reasons: &[$($($reason),+)?],
            }),+],
            follows: &[$($($crate::lifecycle::Follow {
                from: $state::$before,
                to: $state::$after,
                cause: $cause,
                reason: $crate::lifecycle::optional(&[$($recorded)?]),
            }),+)?],
            derived: &[$($($crate::lifecycle::Derived { state: $derived, when: $when }),+)?],
            mended_by: $crate::lifecycle::Mender::$mender,
            refusals: &[$($(($constraint, $crate::db::Breach::Conflict(&$rule))),+)?],
            scope: $scope,
        };

        impl $crate::lifecycle::State for $state {
            fn lifecycle() -> &'static $crate::lifecycle::LifecycleTable<Self> {
                &$table
            }
        }
    };
}

/// Declares the body of `POST …/transitions` for one lifecycle.
#[macro_export]
macro_rules! transition_body {
    ($(#[$doc:meta])* $name:ident to $state:ident) => {
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, validator::Validate, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            /// The state wanted.
            pub to: $state,
            /// The day it took effect (ingangsdatum); today when absent, never ahead of today,
            /// never before the previous step.
            pub effective_on: Option<chrono::NaiveDate>,
            /// Coded reason, where the step needs one.
            #[schema(max_length = 64)]
            pub reason_code: Option<$crate::kernel::text::Line<64>>,
            /// Remark for the history.
            #[validate(length(max = 2000), custom(function = "crate::http::bsn::no_bsn_in"))]
            #[schema(max_length = 2000)]
            pub note: Option<$crate::kernel::text::Prose>,
        }

        impl From<$name> for $crate::lifecycle::Request<$state> {
            fn from(body: $name) -> Self {
                Self {
                    to: body.to,
                    effective_on: body.effective_on,
                    reason_code: body.reason_code.map(Into::into),
                    note: body.note,
                }
            }
        }
    };
}
