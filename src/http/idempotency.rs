//! `Idempotency-Key`: the first answer is stored in the transaction of its effect and given
//! again, byte for byte, to every repetition. It is encrypted under a key derived from the
//! Idempotency-Key itself, which is kept only as a hash.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::digest::{Context, SHA256, digest};
use diesel::sql_types::{Binary, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query};
use serde::{Deserialize, Serialize};

use super::contract::{Contract, PathEntry};
use super::reply::{Accepted, Created, Found, Listed};
use crate::auth::Actor;
use crate::db::{Caller, Conn, Db, Prepare as _, Sweep};
use crate::error::{Error, Fault, Place, Result, Rule, Text as Sentence};
use crate::kernel::ids::JobId;

/// 400 where the contract demands the key: money moves or a signature is set, so a repetition must be
/// recognisable.
pub const IDEMPOTENCY_KEY_REQUIRED: Rule = Rule {
    code: "idempotency-key-required",
    nl: "Stuur een Idempotency-Key mee, zodat een herhaling niets dubbel doet.",
    en: "Send an Idempotency-Key, so that a repetition does nothing twice.",
};

/// The header's name.
const HEADER: &str = "idempotency-key";
/// The header's longest value.
const MAX_LENGTH: usize = 255;

/// A POST that takes effect once, however often it is sent with the same `Idempotency-Key`.
#[derive(Debug, Clone)]
pub struct Once {
    key: Option<String>,
    operation: String,
    path: String,
}

/// An answer that can be kept and given again.
pub trait Answer: Sized + Send + 'static {
    /// What to keep.
    fn keep(&self) -> KeptAnswer;
    /// The kept answer again.
    fn give_again(kept: KeptAnswer) -> Self;
}

/// An answer as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptAnswer {
    status: i16,
    version: i32,
    location: String,
    body: String,
}

impl<T: 'static> Answer for Created<T> {
    fn keep(&self) -> KeptAnswer {
        KeptAnswer { status: 201, location: self.location.clone(), ..self.found.keep() }
    }
    fn give_again(kept: KeptAnswer) -> Self {
        Self { location: kept.location.clone(), found: Found::give_again(kept) }
    }
}

impl<T: 'static> Answer for Found<T> {
    fn keep(&self) -> KeptAnswer {
        KeptAnswer { status: 200, version: self.tag.version(), location: String::new(), body: text_of(&self.body) }
    }
    fn give_again(kept: KeptAnswer) -> Self {
        Self::from_parts(Bytes::from(kept.body), kept.version)
    }
}

impl<T: 'static> Answer for Listed<T> {
    fn keep(&self) -> KeptAnswer {
        KeptAnswer { status: 200, version: 0, location: String::new(), body: text_of(&self.body) }
    }
    fn give_again(kept: KeptAnswer) -> Self {
        Self::from_body(Bytes::from(kept.body))
    }
}

impl<T: 'static> Answer for Accepted<T> {
    fn keep(&self) -> KeptAnswer {
        KeptAnswer { status: 202, version: 0, location: self.location.clone(), body: text_of(&self.body) }
    }
    fn give_again(kept: KeptAnswer) -> Self {
        Self::from_parts(Bytes::from(kept.body), kept.location)
    }
}

/// Bodies are JSON, and so UTF-8.
fn text_of(body: &Bytes) -> String {
    String::from_utf8_lossy(body).into_owned()
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Binary)]
    request_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<Binary>)]
    response: Option<Vec<u8>>,
}

impl Once {
    /// Runs `work` in a write transaction, once per key; `body` is the digest of the request's
    /// body, by which another request under the same key is recognised.
    ///
    /// # Errors
    /// What `work` refuses (nothing is kept then), 422 when the key belongs to another request,
    /// 409 while the first one still runs.
    pub async fn write<A, F>(self, db: &Db, caller: &impl Caller, body: [u8; 32], work: F) -> Result<A>
    where
        A: Answer,
        F: FnOnce(&mut Conn) -> Result<A> + Send + 'static,
    {
        let request = self.request(body);
        // Whoever came by a link has no keys to keep: the link itself works once.
        let Some(key) = self.key.filter(|_| caller.actor().client.is_some()) else {
            return db.write(caller, work).await;
        };
        let (actor, operation) = (caller.actor().clone(), self.operation);
        db.write(caller, move |conn| {
            let slot = Slot::take(conn, &actor, &operation, &key, &request)?;
            match slot {
                Slot::Answered(kept) => Ok(A::give_again(kept)),
                Slot::Taken(hash) => {
                    let answer = work(conn)?;
                    store(conn, &hash, &key, &answer.keep())?;
                    Ok(answer)
                }
            }
        })
        .await
    }
}

/// Uploads: the digest of the body is known only at its last byte, in another transaction than the
/// first, so the key is reserved with the job in between.
impl Once {
    /// Whether an upload under this key was answered before: then this one is a repetition, whose
    /// bytes are only compared.
    ///
    /// # Errors
    /// 503 when the database cannot answer.
    pub fn was_answered(&self, conn: &mut Conn) -> Result<bool> {
        let Some(key) = &self.key else { return Ok(false) };
        let hash = hash_of(key);
        forget_lapsed(conn, &hash)?;
        Ok(find(conn, &hash)?.is_some_and(|stored| stored.response.is_some()))
    }

    /// Reserves the key for the upload of this job. A reservation whose job has ended without an
    /// answer is taken over.
    ///
    /// # Errors
    /// 409 while the first upload still comes in.
    pub fn reserve(&self, conn: &mut Conn, actor: &Actor, job: JobId) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let client = actor.client.ok_or(Error::Unauthenticated)?;
        let reserved = sql_query(
            "INSERT INTO idempotency_keys AS held (client_id, key_hash, operation, request_hash, job_id) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (client_id, key_hash) DO UPDATE SET job_id = $5 \
             WHERE held.response IS NULL AND NOT EXISTS (SELECT FROM jobs WHERE jobs.id = held.job_id \
             AND jobs.status IN ('queued', 'running'))",
        )
        .bind::<SqlUuid, _>(client)
        .bind::<Binary, _>(hash_of(key))
        .bind::<Text, _>(&self.operation)
        .bind::<Binary, _>(vec![0_u8; 32])
        .bind::<SqlUuid, _>(job)
        .prepared()
        .execute(conn)?;
        if reserved == 1 { Ok(()) } else { Err(crate::db::BUSY.conflict()) }
    }

    /// Keeps the answer under the reserved key, with the digest of what was uploaded.
    ///
    /// # Errors
    /// 503 when the database cannot answer.
    pub fn settle<A: Answer>(&self, conn: &mut Conn, body: [u8; 32], answer: &A) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let hash = hash_of(key);
        sql_query("UPDATE idempotency_keys SET request_hash = $2 WHERE key_hash = $1")
            .bind::<Binary, _>(&hash)
            .bind::<Binary, _>(self.request(body))
            .prepared()
            .execute(conn)?;
        store(conn, &hash, key, &answer.keep())
    }

    /// The answer to an upload that was answered before.
    ///
    /// # Errors
    /// 422 when the bytes are not those of the first one.
    pub fn answer_again<A: Answer>(&self, conn: &mut Conn, body: [u8; 32]) -> Result<A> {
        let key = self.key.as_deref().ok_or(Error::NotFound)?;
        let stored = find(conn, &hash_of(key))?.ok_or_else(|| crate::db::BUSY.conflict())?;
        if stored.request_hash != self.request(body) {
            return Err(Error::IdempotencyKeyReused);
        }
        let sealed = stored.response.ok_or_else(|| crate::db::BUSY.conflict())?;
        unseal(key, sealed).map(A::give_again)
    }

    fn request(&self, body: [u8; 32]) -> Vec<u8> {
        let mut request = Context::new(&SHA256);
        request.update(self.operation.as_bytes());
        request.update(self.path.as_bytes());
        request.update(&body);
        request.finish().as_ref().to_vec()
    }
}

fn hash_of(key: &str) -> Vec<u8> {
    digest(&SHA256, key.as_bytes()).as_ref().to_vec()
}

fn find(conn: &mut Conn, hash: &[u8]) -> Result<Option<Stored>> {
    let stored = sql_query("SELECT request_hash, response FROM idempotency_keys WHERE key_hash = $1")
        .bind::<Binary, _>(hash)
        .prepared()
        .get_result(conn)
        .optional()?;
    Ok(stored)
}

enum Slot {
    Taken(Vec<u8>),
    Answered(KeptAnswer),
}

impl Slot {
    /// Takes the key's row, or finds the answer under it. A first request still running holds
    /// the row, so its repetition waits for the lock timeout and is then told 409.
    fn take(conn: &mut Conn, actor: &Actor, operation: &str, key: &str, request: &[u8]) -> Result<Self> {
        let client = actor.client.ok_or(Error::Unauthenticated)?;
        let hash = hash_of(key);
        forget_lapsed(conn, &hash)?;
        let taken = sql_query(
            "INSERT INTO idempotency_keys (client_id, key_hash, operation, request_hash) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (client_id, key_hash) DO NOTHING",
        )
        .bind::<SqlUuid, _>(client)
        .bind::<Binary, _>(&hash)
        .bind::<Text, _>(operation)
        .bind::<Binary, _>(request)
        .prepared()
        .execute(conn)?;
        if taken == 1 {
            return Ok(Self::Taken(hash));
        }
        let stored = find(conn, &hash)?.ok_or_else(|| crate::db::BUSY.conflict())?;
        if stored.request_hash != request {
            return Err(Error::IdempotencyKeyReused);
        }
        let sealed = stored.response.ok_or_else(|| crate::db::BUSY.conflict())?;
        Ok(Self::Answered(unseal(key, sealed)?))
    }
}

/// A key older than 72 hours counts as never sent.
fn forget_lapsed(conn: &mut Conn, hash: &[u8]) -> Result<()> {
    sql_query("DELETE FROM idempotency_keys WHERE key_hash = $1 AND expires_at < now()")
        .bind::<Binary, _>(hash)
        .prepared()
        .execute(conn)?;
    Ok(())
}

/// Drops the keys of every client that have lapsed, so many at a time that no batch meets the statement
/// timeout.
pub const LAPSED_KEYS: Sweep = Sweep::new("idempotency-keys", |conn| {
    let dropped = sql_query(
        // As an array, which is made once: a subselect that is joined may be run for every row.
        "DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(\
         SELECT ctid FROM idempotency_keys WHERE expires_at < now() \
         ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED))",
    );
    Ok(dropped.execute(conn)?)
});

fn store(conn: &mut Conn, hash: &[u8], key: &str, kept: &KeptAnswer) -> Result<()> {
    sql_query("UPDATE idempotency_keys SET status_code = $3, response = $2 WHERE key_hash = $1")
        .bind::<Binary, _>(hash)
        .bind::<Binary, _>(seal(key, kept)?)
        .bind::<SmallInt, _>(kept.status)
        .prepared()
        .execute(conn)?;
    Ok(())
}

fn cipher(key: &str) -> Result<RandomizedNonceKey> {
    let mut derived = Context::new(&SHA256);
    derived.update(b"stagepunt answer under ");
    derived.update(key.as_bytes());
    RandomizedNonceKey::new(&AES_256_GCM, derived.finish().as_ref()).map_err(Error::internal)
}

fn seal(key: &str, kept: &KeptAnswer) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(kept).map_err(Error::internal)?;
    let nonce = cipher(key)?.seal_in_place_append_tag(Aad::empty(), &mut bytes).map_err(Error::internal)?;
    let mut sealed = nonce.as_ref().to_vec();
    sealed.append(&mut bytes);
    Ok(sealed)
}

fn unseal(key: &str, mut sealed: Vec<u8>) -> Result<KeptAnswer> {
    let (nonce, bytes) = sealed
        .split_at_mut_checked(aws_lc_rs::aead::NONCE_LEN)
        .ok_or_else(|| Error::internal("kept answer too short"))?;
    let nonce = aws_lc_rs::aead::Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
    let opened = cipher(key)?.open_in_place(nonce, Aad::empty(), bytes).map_err(Error::internal)?;
    serde_json::from_slice(opened).map_err(Error::internal)
}

impl FromRequest for Once {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_header(request))
    }
}

fn read_header(request: &HttpRequest) -> Result<Once> {
    let contract = request.app_data::<Data<Contract>>();
    let path = contract.and_then(|contract| contract.find(request.path()));
    let mut values = request.headers().get_all(HEADER);
    let key = match (values.next(), values.next()) {
        (None, _) if path.is_some_and(|path| demands(path, request.method())) => {
            return Err(IDEMPOTENCY_KEY_REQUIRED.bad_request());
        }
        (None, _) => None,
        (Some(value), None) => {
            let visible = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic());
            let key = value.to_str().ok().filter(|key| (1..=MAX_LENGTH).contains(&key.len())).filter(visible);
            Some(key.ok_or_else(malformed)?.to_owned())
        }
        (Some(_), Some(_)) => return Err(malformed()),
    };
    // The framework does not always know the template of its own.
    let operation = path.map(|path| path.template.clone()).or_else(|| request.match_pattern()).unwrap_or_default();
    Ok(Once { key, operation, path: request.path().to_owned() })
}

/// Whether the contract demands the header here.
fn demands(path: &PathEntry, method: &Method) -> bool {
    path.operation(method).is_some_and(|operation| {
        operation
            .parameters_in(Place::Header)
            .any(|parameter| parameter.required && parameter.name.eq_ignore_ascii_case(HEADER))
    })
}

fn malformed() -> Error {
    Fault {
        place: Place::Header,
        pointer: "/Idempotency-Key".to_owned(),
        code: "malformed",
        detail: Sentence::new(
            "Eén waarde van 1 tot en met 255 zichtbare tekens.",
            "One value of 1 to 255 visible characters.",
        ),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::{KeptAnswer, seal, unseal};

    #[test]
    fn an_answer_opens_only_under_its_own_key() {
        let kept = KeptAnswer { status: 201, version: 1, location: "/v1/initiatives/x".into(), body: "{}".into() };
        let sealed = seal("a key", &kept).unwrap();
        assert!(!sealed.windows(kept.location.len()).any(|part| part == kept.location.as_bytes()));
        assert_eq!(unseal("a key", sealed.clone()).unwrap().body, "{}");
        assert!(unseal("another key", sealed).is_err());
    }
}
