//! `/signing/agreement`: what a student does who was mailed a link.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{AgreementToSign, SignByLink};
use super::{actions, queries};
use crate::auth::links::{AgreementLink, Behind, ByLink};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::reply::Listed;
use crate::kernel::ids::AgreementId;

/// Read the agreement you are asked to sign
///
/// For the student who was mailed a link (link per mail): what the agreement (praktijkovereenkomst)
/// lays down. It names organisations, no persons. Reading does not use the link up.
#[utoipa::path(tag = "Agreements", security(("link" = [])))]
#[get("/signing/agreement")]
pub async fn get_agreement_to_sign(link: ByLink<AgreementLink>, db: Data<Db>) -> Result<Listed<AgreementToSign>> {
    let id: AgreementId = link.resource();
    db.snapshot(&link, move |conn| Listed::of(&queries::find_to_sign(conn, id)?)).await
}

/// Sign the agreement you were mailed
///
/// Signs as the student, by link, and uses the link up. `sheetNumber` is that of the sheet
/// (bpv-blad) you read: 409 `other-sheet` when it is another. Of two at once, one signs.
#[utoipa::path(tag = "Agreements", request_body = SignByLink, security(("link" = [])))]
#[post("/signing/agreement/signatures")]
pub async fn sign_agreement_by_link(
    Behind(link, body): Behind<ByLink<AgreementLink>, Json<SignByLink>>,
    once: Once,
    db: Data<Db>,
) -> Result<Listed<AgreementToSign>> {
    let (actor, digest, id) = (link.actor().clone(), body.digest(), link.resource::<AgreementId>());
    once.write(&db, &link, digest, move |conn| {
        actions::sign_by_link(conn, &actor, id, &body.into_inner())?;
        Listed::of(&queries::find_to_sign(conn, id)?)
    })
    .await
}
