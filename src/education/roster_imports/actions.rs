//! Taking a roster in: the key and the school's one place are reserved at the first byte, pieces go
//! into the database as they come, and the import is accepted at the last byte.

use std::fmt::Write as _;

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::json;

use super::model::{RosterFile, RosterForm, RosterImport, RosterImportOptions, RosterImportStatus};
use super::queries::{self, NewImport};
use super::rules::{self, CANCELLED, EMPTY, ROW_TOO_LONG, UNKNOWN_PROGRAMME};
use super::source::PIECE;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db::{Caller, Conn, Db, Sweep};
use crate::error::{Error, Fault, Place, Result};
use crate::http::body::UNREADABLE;
use crate::http::idempotency::Once;
use crate::http::reply::Accepted;
use crate::http::upload::Upload;
use crate::kernel::coded::Coded as _;
use crate::kernel::fact::IN_THE_FUTURE;
use crate::kernel::ids::{JobId, OrganisationId, RosterImportId};

/// An import whose bytes come in.
#[derive(Debug, Clone, Copy)]
struct Begun {
    school: OrganisationId,
    id: RosterImportId,
    job: JobId,
}

/// Takes a roster in.
///
/// # Errors
/// 400 for the options, an empty body or a line without an end, 409 `import-unfinished` and
/// `roster-superseded`, 413, and what the database refuses.
pub(super) async fn take_in(
    db: &Db,
    caller: &impl Caller,
    options: RosterImportOptions,
    mut upload: Upload<RosterFile>,
    once: Once,
) -> Result<Accepted<RosterImport>> {
    let form = RosterForm::of_media_type(upload.media_type()).ok_or(Error::NotFound)?;
    let mut request = Context::new(&SHA256);
    request.update(&serde_json::to_vec(&(form, &options)).map_err(Error::internal)?);
    let mut file = Context::new(&SHA256);
    let (actor, key) = (caller.actor().clone(), once.clone());
    let begun = db.write(caller, move |conn| begin(conn, &actor, form, &options, &key)).await?;
    let Some(begun) = begun else {
        let mut length = 0;
        while let Some(bytes) = upload.next().await? {
            request.update(&bytes);
            length += bytes.len();
        }
        if length == 0 {
            return Err(EMPTY.bad_request());
        }
        let digest = sum(request);
        return db.write(caller, move |conn| once.answer_again(conn, digest)).await;
    };
    let by_line = matches!(form, RosterForm::Csv | RosterForm::Ndjson);
    let stored = store(db, caller, begun, by_line, &mut upload, |bytes| {
        request.update(bytes);
        file.update(bytes);
    });
    if let Err(refused) = stored.await {
        return Err(give_up(db, caller, begun, refused).await);
    }
    let (digest, sha256, actor) = (sum(request), hex(&sum(file)), caller.actor().clone());
    let accepted = db
        .write(caller, move |conn| {
            if !queries::complete(conn, begun.school, begun.id, &sha256)? {
                return Err(CANCELLED.conflict());
            }
            audit::record(
                conn,
                &actor,
                Event::new("created", "roster-import", begun.id).with(json!({ "sha256": sha256 })),
            )?;
            let accepted = Accepted::of(&queries::find(conn, begun.id)?)?;
            once.settle(conn, digest, &accepted)?;
            Ok(accepted)
        })
        .await;
    match accepted {
        Ok(accepted) => {
            db.bulk().ring();
            Ok(accepted)
        }
        // It may have been accepted: the same key tells.
        Err(Error::OutcomeUnknown) => Err(Error::OutcomeUnknown),
        Err(refused) => Err(give_up(db, caller, begun, refused).await),
    }
}

/// Ends an import whose upload was refused, so that the school's place is free for the next; gives the
/// refusal back.
async fn give_up(db: &Db, caller: &impl Caller, begun: Begun, refused: Error) -> Error {
    // The upload is over either way; the next one sets the remains aside if this fails.
    let code = code_of(&refused);
    let ended = db.write(caller, move |conn| abandon(conn, begun, code)).await;
    if let Err(error) = ended {
        tracing::warn!(%error, import = %begun.id, "roster_import.not_abandoned: it is set aside in two minutes");
    }
    refused
}

/// The first transaction; none when the key was answered before.
fn begin(
    conn: &mut Conn,
    actor: &Actor,
    form: RosterForm,
    options: &RosterImportOptions,
    once: &Once,
) -> Result<Option<Begun>> {
    if once.was_answered(conn)? {
        return Ok(None);
    }
    let school = actor.organisation.ok_or(Error::Unauthenticated)?;
    let scope: Vec<String> = options.scope.iter().flat_map(|codes| codes.iter()).map(ToString::to_string).collect();
    let unknown = queries::unknown_codes(conn, school, &scope)?;
    let fault = |index| UNKNOWN_PROGRAMME.fault(format!("/scope/{index}"));
    let mut faults: Vec<Fault> = unknown.into_iter().map(fault).collect();
    // Next to a moment that has not come every later file would seem to be old.
    if let Some(moment) = options.taken_at
        && queries::lies_ahead(conn, moment)?
    {
        faults.push(IN_THE_FUTURE.fault("/takenAt"));
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults.into_iter().map(|fault| Fault { place: Place::Query, ..fault }).collect()));
    }
    let begun = Begun { school, id: RosterImportId::new(), job: JobId::new() };
    queries::insert_job(conn, actor, begun.job)?;
    let new = NewImport {
        id: begun.id,
        job: begun.job,
        form,
        mode: options.mode,
        dry_run: options.dry_run.unwrap_or_default(),
        scope: &scope,
        taken_at: options.taken_at,
    };
    queries::insert(conn, school, &new)?;
    once.reserve(conn, actor, begun.job)?;
    Ok(Some(begun))
}

/// Cuts what comes in into pieces and stores each in a short transaction. Of a file of lines no
/// piece is without the end of one, or there is no use in waiting for the rest.
async fn store(
    db: &Db,
    caller: &impl Caller,
    begun: Begun,
    by_line: bool,
    upload: &mut Upload<RosterFile>,
    mut note: impl FnMut(&[u8]),
) -> Result<()> {
    let (mut piece, mut number) = (Vec::with_capacity(PIECE), 0);
    loop {
        let bytes = upload.next().await?;
        let mut rest = bytes.as_deref().unwrap_or_default();
        note(rest);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE - piece.len()));
            piece.extend_from_slice(now);
            rest = later;
            if piece.len() == PIECE {
                if by_line && !piece.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
                    return Err(ROW_TOO_LONG.bad_request());
                }
                put(db, caller, begun, number, std::mem::replace(&mut piece, Vec::with_capacity(PIECE))).await?;
                number += 1;
            }
        }
        if bytes.is_none() {
            break;
        }
    }
    if !piece.is_empty() {
        put(db, caller, begun, number, piece).await?;
    } else if number == 0 {
        return Err(EMPTY.bad_request());
    }
    Ok(())
}

async fn put(db: &Db, caller: &impl Caller, begun: Begun, number: i32, bytes: Vec<u8>) -> Result<()> {
    let stored =
        db.write(caller, move |conn| queries::insert_chunk(conn, (begun.school, begun.id), number, bytes)).await?;
    if stored { Ok(()) } else { Err(CANCELLED.conflict()) }
}

/// What the import is said to have failed with when its upload is refused.
fn code_of(refused: &Error) -> &'static str {
    match refused {
        Error::BadRequest(rule) | Error::Refused(_, rule) if rule.code != UNREADABLE.code => rule.code,
        _ => "upload-broken-off",
    }
}

fn abandon(conn: &mut Conn, begun: Begun, code: &str) -> Result<()> {
    let (status, job) = queries::find_for_update(conn, begun.id)?;
    if status == RosterImportStatus::Receiving {
        queries::end(conn, begun.id, job, Some(code))?;
    }
    Ok(())
}

/// Confirms or cancels an import, as the school asked.
///
/// # Errors
/// 409 `invalid-transition`.
pub(super) fn advance(conn: &mut Conn, actor: &Actor, id: RosterImportId, to: RosterImportStatus) -> Result<()> {
    let (from, job) = queries::find_for_update(conn, id)?;
    rules::may_move(from, to)?;
    if to == RosterImportStatus::Queued {
        let job = JobId::new();
        queries::insert_job(conn, actor, job)?;
        queries::confirm(conn, id, job)?;
    } else {
        queries::end(conn, id, job, None)?;
    }
    let codes = json!({ "from": from.code(), "to": to.code() });
    audit::record(conn, actor, Event::new("moved", "roster-import", id).with(codes))
}

/// Ends or drops what has lapsed: unconfirmed imports, uploads that broke off, pieces of what has ended.
pub const LAPSED_IMPORTS: Sweep = Sweep::new("roster-imports", queries::sweep);

fn sum(context: Context) -> [u8; 32] {
    context.finish().as_ref().first_chunk().copied().unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
