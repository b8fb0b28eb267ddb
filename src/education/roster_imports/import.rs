//! One import from its first row to its conclusion, in one transaction: what it does to students as
//! the school that sent it, and what came of it as the job.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel::{RunQueryDsl as _, sql_query};
use serde_json::{Value, json};
use uuid::Uuid;

use super::batch::{Batch, State};
use super::formats::{self, Halt, Line, Refusal, RowFault};
use super::leases::Leased;
use super::merge::{self, Effect, Repeated};
use super::model::{RosterImportStatus, RosterMode};
use super::register::Register;
use super::source::Pieces;
use super::worker::Progress;
use crate::audit::{self, Event};
use crate::auth::{Actor, ActorKind};
use crate::db::{BUSY, Bulk, Conn, Job, Verdict};
use crate::education::students::StudentRecord;
use crate::error::{Error, Result};
use crate::http::patch::Patch;
use crate::kernel::bsn::IdCensus;
use crate::kernel::coded::Coded as _;
use crate::kernel::role::Role;

/// Faults that are kept; more are only counted.
const MOST_FAULTS: usize = 10_000;
/// Longest pointer that is kept.
const LONGEST_POINTER: usize = 200;

/// An import at work.
pub(super) struct Import<'w> {
    pub(super) bulk: &'w Bulk,
    pub(super) owner: Uuid,
    pub(super) leased: &'w Leased,
    pub(super) progress: &'w Progress,
}

/// What was read.
#[derive(Debug, Default)]
struct Tally {
    read: i64,
    skipped: i64,
    rejected: i64,
    present: i64,
    /// Rows that do not tell whom they are about.
    nameless: i64,
    faults: Vec<(u64, RowFault)>,
}

/// What came of an import.
#[derive(Debug)]
struct Outcome {
    status: RosterImportStatus,
    tally: Tally,
    effect: Option<Effect>,
    withheld: bool,
    guard: Vec<Value>,
    refusal: Option<Refusal>,
}

impl Outcome {
    /// What ended like this, without effect.
    const fn of(status: RosterImportStatus, tally: Tally, refusal: Option<Refusal>) -> Self {
        Self { status, tally, effect: None, withheld: false, guard: Vec::new(), refusal }
    }
}

/// Whether an error may have passed when the import is tried again.
pub(super) fn may_pass(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_) | Error::Conflict { .. } | Error::OutcomeUnknown)
}

/// What the school is told of an error that does not pass.
pub(super) const fn code_of(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "client-revoked",
        Error::Unavailable(_) | Error::Conflict { .. } => "tried-too-often",
        _ => "internal-error",
    }
}

impl Import<'_> {
    /// How many batches may be read ahead of the database.
    const AHEAD: usize = 2;

    /// Reads, compares and applies.
    ///
    /// # Errors
    /// What the database refuses, and 409 when the lease is lost: then nothing has happened.
    pub(super) fn apply(&self) -> Result<()> {
        let actor = self.actor();
        let mut tally = Tally::default();
        self.bulk.run_for(
            &actor,
            Job::WorkJobs,
            |conn| {
                let refused = match self.work(conn, &actor, &mut tally) {
                    Ok(verdict) => return Ok(verdict),
                    Err(Halt::Failed(error)) => return Err(error),
                    Err(Halt::Refused(refusal)) => refusal,
                };
                Ok(Verdict::Undo(Outcome::of(RosterImportStatus::Failed, std::mem::take(&mut tally), Some(refused))))
            },
            |conn, outcome| self.conclude(conn, &outcome),
        )
    }

    /// The client that handed the roster over, as it acts from here.
    fn actor(&self) -> Actor {
        let told = |name: &str| self.leased.parameters.get(name).and_then(Value::as_str);
        Actor {
            kind: ActorKind::Client,
            client: Some(self.leased.client),
            organisation: Some(self.leased.school),
            role: Some(Role::School),
            person: told("person").map(Into::into),
            ..Actor::public(told("requestId").and_then(|id| id.parse().ok()).unwrap_or_default())
        }
    }

    fn work(&self, conn: &mut Conn, actor: &Actor, tally: &mut Tally) -> Result<Verdict<Outcome>, Halt> {
        let (school, full) = (self.leased.school, self.leased.mode == RosterMode::Full);
        let register = Register::read(conn, school, &self.leased.scope, full)?;
        merge::prepare(conn)?;
        self.stage(conn, &register, tally)?;
        tally.repeat(merge::drop_repeated(conn)?);
        for (row, pointer, code) in merge::compare(conn, school)? {
            tally.present -= 1;
            tally.reject(row, [RowFault::new(pointer, code)]);
        }
        // A row that does not tell whom it is about may be about anybody who seems to be missing.
        let withheld = full && tally.nameless > 0;
        let leaving = full && !withheld;
        let guard = if full { merge::guard(conn, school, &register, leaving)? } else { Vec::new() };
        let tally = std::mem::take(tally);
        if !(guard.is_empty() || self.leased.confirmed || self.leased.dry_run) {
            let blocked = Outcome::of(RosterImportStatus::GuardBlocked, tally, None);
            return Ok(Verdict::Undo(Outcome { guard, ..blocked }));
        }
        self.progress.check()?;
        let effect = merge::apply(conn, school, &register.scope, leaving)?;
        let done =
            Outcome { effect: Some(effect), withheld, guard, ..Outcome::of(RosterImportStatus::Done, tally, None) };
        if self.leased.dry_run {
            return Ok(Verdict::Undo(done));
        }
        let counts = json!({
            "job": self.leased.job, "sha256": self.leased.sha256, "mode": self.leased.mode.code(),
            "rowsRead": done.tally.read, "rejected": done.tally.rejected, "created": effect.created,
            "updated": effect.updated, "deactivated": effect.deactivated,
        });
        audit::record(conn, actor, Event::new("applied", "roster-import", self.leased.id).with(counts))?;
        Ok(Verdict::Keep(done))
    }

    /// Reads the file into the staging table: one thread reads while the database takes in what was
    /// read before.
    fn stage(&self, conn: &mut Conn, register: &Register, tally: &mut Tally) -> Result<(), Halt> {
        let (sender, batches) = mpsc::sync_channel(Self::AHEAD);
        let (staged, read) = thread::scope(|scope| {
            let reading = scope.spawn(|| self.read(register, sender));
            // What the database refuses drops the receiver, and with it ends the reading.
            let staged = self.take_in(conn, batches);
            (staged, reading.join())
        });
        staged?;
        let (counted, ended) = read.map_err(|_panicked| Error::internal("the reading of a roster panicked"))?;
        *tally = counted;
        ended
    }

    /// Reads the file to its end and hands its rows on in batches.
    fn read(&self, register: &Register, batches: SyncSender<Batch>) -> (Tally, Result<(), Halt>) {
        let source = Pieces::new(self.bulk, self.leased.id, self.leased.size_bytes);
        let (mut tally, mut batch, mut census) = (Tally::default(), Batch::default(), IdCensus::default());
        let send = |batch: &mut Batch, tally: &Tally| {
            self.progress.read.store(tally.read, Ordering::Relaxed);
            self.progress.rejected.store(tally.rejected, Ordering::Relaxed);
            batches.send(std::mem::take(batch)).map_err(|_ended| BUSY.conflict())
        };
        let read = formats::read(self.leased.form.form(), source, &register.classes, &mut |line| {
            tally.read += 1;
            match line {
                Line::Skipped => tally.skipped += 1,
                Line::Present { row, student } => {
                    census.note(student.sourced_id.as_str());
                    place(row, *student, register, &mut batch, &mut tally);
                }
                Line::Gone { row, key } => {
                    census.note(key.as_str());
                    batch.push_key(row, key.into(), State::Gone);
                }
                Line::Rejected { row, key, faults } => {
                    tally.reject(row, faults);
                    match key {
                        Some(key) => batch.push_key(row, key.into(), State::Rejected),
                        None => tally.nameless += 1,
                    }
                }
            }
            if batch.is_full() { send(&mut batch, &tally) } else { Ok(()) }
        });
        let ended = read.and_then(|()| {
            if !batch.is_empty() {
                send(&mut batch, &tally)?;
            }
            if census.is_bsn_like() { Err(Refusal::whole("bsn-like-ids").into()) } else { Ok(()) }
        });
        (tally, ended)
    }

    /// Stages batches as they come.
    fn take_in(&self, conn: &mut Conn, batches: Receiver<Batch>) -> Result<()> {
        for batch in batches {
            self.progress.check()?;
            batch.stage(conn)?;
        }
        Ok(())
    }

    /// Writes what came of it, as the job, and lets the pieces go unless they may be needed again.
    fn conclude(&self, conn: &mut Conn, outcome: &Outcome) -> Result<()> {
        self.progress.check()?;
        let (tally, effect) = (&outcome.tally, outcome.effect);
        let unchanged = effect.map(|effect| (tally.present - effect.created - effect.updated).max(0));
        let refusal = outcome.refusal.as_ref();
        let ended = Ended {
            status: outcome.status,
            code: refusal.map(|refusal| refusal.code),
            row: refusal.and_then(|refusal| i64::try_from(refusal.row?).ok()),
            expected: refusal.map(|refusal| refusal.expected.as_slice()).unwrap_or_default(),
        };
        end(conn, self.owner, self.leased, &ended)?;
        sql_query(
            "UPDATE roster_imports SET rows_read = $2, skipped = $3, rejected = $4, created = $5, updated = $6, \
             unchanged = $7, deactivated = $8, deactivation_withheld = $9, guard = $10 WHERE id = $1",
        )
        .bind::<SqlUuid, _>(self.leased.id)
        .bind::<BigInt, _>(tally.read)
        .bind::<BigInt, _>(tally.skipped)
        .bind::<BigInt, _>(tally.rejected)
        .bind::<Nullable<BigInt>, _>(effect.map(|effect| effect.created))
        .bind::<Nullable<BigInt>, _>(effect.map(|effect| effect.updated))
        .bind::<Nullable<BigInt>, _>(unchanged)
        .bind::<Nullable<BigInt>, _>(effect.map(|effect| effect.deactivated))
        .bind::<Bool, _>(outcome.withheld)
        .bind::<Jsonb, _>(Value::Array(outcome.guard.clone()))
        .execute(conn)?;
        self.write_faults(conn, &tally.faults)
    }

    fn write_faults(&self, conn: &mut Conn, faults: &[(u64, RowFault)]) -> Result<()> {
        sql_query("DELETE FROM roster_import_errors WHERE import_id = $1")
            .bind::<SqlUuid, _>(self.leased.id)
            .execute(conn)?;
        let mut sorted: Vec<&(u64, RowFault)> = faults.iter().collect();
        sorted.sort_by_key(|(row, _)| *row);
        let numbers: Vec<i32> = (1..).take(sorted.len()).collect();
        let rows: Vec<i64> = sorted.iter().map(|(row, _)| i64::try_from(*row).unwrap_or(i64::MAX)).collect();
        let pointers: Vec<String> =
            sorted.iter().map(|(_, fault)| fault.pointer.chars().take(LONGEST_POINTER).collect()).collect();
        let codes: Vec<&str> = sorted.iter().map(|(_, fault)| fault.code).collect();
        sql_query(
            "INSERT INTO roster_import_errors (import_id, school_id, number, row_number, pointer, code) \
             SELECT $1, $2, e.* FROM unnest($3::integer[], $4::bigint[], $5::text[], $6::text[]) AS e",
        )
        .bind::<SqlUuid, _>(self.leased.id)
        .bind::<SqlUuid, _>(self.leased.school)
        .bind::<Array<Integer>, _>(numbers)
        .bind::<Array<BigInt>, _>(rows)
        .bind::<Array<Text>, _>(pointers)
        .bind::<Array<Text>, _>(codes)
        .execute(conn)?;
        Ok(())
    }
}

impl Tally {
    fn reject(&mut self, row: u64, faults: impl IntoIterator<Item = RowFault>) {
        self.rejected += 1;
        self.note(row, faults);
    }

    /// Rejects the rows whose key stood in an earlier one.
    fn repeat(&mut self, repeated: Repeated) {
        self.present -= repeated.present;
        self.rejected += repeated.rejected;
        for row in repeated.rows {
            self.note(row.unsigned_abs(), [RowFault::new("/sourcedId", "duplicate-sourced-id")]);
        }
    }

    fn note(&mut self, row: u64, faults: impl IntoIterator<Item = RowFault>) {
        let room = MOST_FAULTS.saturating_sub(self.faults.len());
        self.faults.extend(faults.into_iter().take(room).map(|fault| (row, fault)));
    }
}

/// Looks up what a row refers to and puts it into the batch.
fn place(row: u64, student: StudentRecord, register: &Register, batch: &mut Batch, tally: &mut Tally) {
    let known = register.known.programmes.get(student.programme_code.as_str());
    let fault = |pointer, code| Err(RowFault::new(pointer, code));
    let placed = match (known, &student.cohort) {
        (None, _) => fault("/programmeCode", "unknown-programme"),
        (Some(programme), _) if !register.scope.is_empty() && !register.scope.contains(&programme.id) => {
            fault("/programmeCode", "outside-scope")
        }
        (Some(programme), Patch::Value(key)) => match register.known.cohorts.get(&(programme.id, key.clone())) {
            Some(cohort) => Ok((programme, Some(*cohort))),
            None => fault("/cohort", "unknown-cohort"),
        },
        (Some(programme), _) => Ok((programme, None)),
    };
    match placed {
        Ok((programme, cohort)) => {
            tally.present += 1;
            batch.push(row, student, programme, cohort);
        }
        Err(fault) => {
            tally.reject(row, [fault]);
            batch.push_key(row, student.sourced_id.into(), State::Rejected);
        }
    }
}

/// How an import ended.
struct Ended<'a> {
    status: RosterImportStatus,
    code: Option<&'a str>,
    row: Option<i64>,
    expected: &'a [&'a str],
}

/// Ends the import and its job, if they are still this worker's.
fn end(conn: &mut Conn, owner: Uuid, leased: &Leased, ended: &Ended<'_>) -> Result<()> {
    let blocked = ended.status == RosterImportStatus::GuardBlocked;
    let (status, code) = match ended.status {
        RosterImportStatus::Done => ("done", None),
        _ if blocked => ("failed", Some("guard-blocked")),
        _ => ("failed", ended.code),
    };
    let mine = sql_query(
        "UPDATE jobs SET status = $3, error_code = $4, lease_owner = NULL, lease_until = NULL, finished_at = now(), \
         version = version + 1 WHERE id = $1 AND lease_owner = $2 AND status = 'running'",
    )
    .bind::<SqlUuid, _>(leased.job)
    .bind::<SqlUuid, _>(owner)
    .bind::<Text, _>(status)
    .bind::<Nullable<Text>, _>(code)
    .execute(conn)?;
    if mine != 1 {
        return Err(BUSY.conflict());
    }
    sql_query(
        "UPDATE roster_imports SET status = $2, error_code = $3, error_row = $4, expected = $5, finished_at = now(), \
         version = version + 1 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(leased.id)
    .bind::<Text, _>(ended.status)
    .bind::<Nullable<Text>, _>(ended.code)
    .bind::<Nullable<BigInt>, _>(ended.row)
    .bind::<Array<Text>, _>(ended.expected)
    .execute(conn)?;
    if !blocked {
        sql_query("DELETE FROM roster_chunks WHERE import_id = $1").bind::<SqlUuid, _>(leased.id).execute(conn)?;
    }
    Ok(())
}

/// Ends an import that cannot be applied.
///
/// # Errors
/// 503 when the database cannot answer.
pub(super) fn fail(conn: &mut Conn, owner: Uuid, leased: &Leased, code: &str) -> Result<()> {
    end(conn, owner, leased, &Ended { status: RosterImportStatus::Failed, code: Some(code), row: None, expected: &[] })
}
