//! `/placements/{placementId}/agreements`.

use actix_web::web::Data;
use actix_web::{get, post};

use super::model::{
    Agreement, Agreements, CorrectSignature, CreateAgreement, CreateAgreementSheet, CreateSignature, EndAgreement,
};
use super::{actions, queries, signing};
use crate::auth::Can;
use crate::auth::permissions::{AmendAgreements, MakeAgreements, Permission as _, ReadAgreements, SignAgreements};
use crate::db::Db;
use crate::error::Result;
use crate::http::body::Json;
use crate::http::idempotency::Once;
use crate::http::path::Path;
use crate::http::reply::{Created, Found, Listed};
use crate::http::routes::Routes;
use crate::kernel::ids::{AgreementId, PlacementId, SignatureId};
use crate::mailing::Outbox;
use crate::placements::placements::require_visible;

/// The slice's routes.
pub fn routes(routes: &mut Routes<'_>) {
    routes
        .service(list_agreements)
        .service(create_agreement)
        .service(get_agreement)
        .service(create_agreement_sheet)
        .service(create_agreement_signature)
        .service(correct_agreement_signature)
        .service(end_agreement)
        .service(mail_student_link)
        .service(signing::get_agreement_to_sign)
        .service(signing::sign_agreement_by_link);
}

/// List the agreements on a placement
///
/// Every agreement (praktijkovereenkomst, POK) on the placement, the newest first, with its sheets
/// and signatures; those that ended too. The same callers as the placement itself.
#[utoipa::path(tag = "Agreements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [ReadAgreements::SCOPE])))]
#[get("/placements/{placementId}/agreements")]
pub async fn list_agreements(
    can: Can<ReadAgreements>,
    id: Path<PlacementId>,
    db: Data<Db>,
) -> Result<Listed<Agreements>> {
    let id = id.into_inner();
    db.snapshot(&can, move |conn| {
        require_visible(conn, id)?;
        Listed::of(&Agreements { items: queries::list(conn, id)? })
    })
    .await
}

/// Make the agreement on a placement
///
/// Makes the agreement (praktijkovereenkomst, POK) with a first sheet (bpv-blad) that has the terms
/// of the placement: once the host has confirmed and until the placement ends (409
/// `agreement-not-due`), one at a time (409 `agreement-stands`). After an end another one can be made,
/// also while the intern is there; after a switch of the learning path (leerweg) it begins on the day of
/// the switch. School and bureau may. Moving the placement to `agreement-pending` is a step of its own.
#[utoipa::path(tag = "Agreements", params(("placementId" = PlacementId, Path, description = "The placement.")), security(("bearer" = [MakeAgreements::SCOPE])))]
#[post("/placements/{placementId}/agreements")]
pub async fn create_agreement(
    can: Can<MakeAgreements>,
    id: Path<PlacementId>,
    body: Json<CreateAgreement>,
    once: Once,
    db: Data<Db>,
) -> Result<Created<Agreement>> {
    let (actor, digest, placement) = (can.actor().clone(), body.digest(), id.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let id = actions::make(conn, &actor, placement, body.into_inner())?;
        Created::of(&queries::find(conn, placement, id)?)
    })
    .await
}

/// Read an agreement
///
/// The agreement (praktijkovereenkomst) with its sheets, who signed them how, and who still has to.
/// The student's name is not in it.
#[utoipa::path(
    tag = "Agreements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("agreementId" = AgreementId, Path, description = "The agreement."),
    ),
    security(("bearer" = [ReadAgreements::SCOPE])),
)]
#[get("/placements/{placementId}/agreements/{agreementId}")]
pub async fn get_agreement(
    can: Can<ReadAgreements>,
    path: Path<(PlacementId, AgreementId)>,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (placement, id) = path.into_inner();
    db.snapshot(&can, move |conn| Found::of(&queries::find(conn, placement, id)?)).await
}

/// Amend an agreement
///
/// Adds a sheet (bpv-blad): what it does not name stays as on the sheet before. The newest sheet
/// holds, and the placement follows: days, hours and the school's supervisor. Once the internship has
/// begun its first day stays as it is (400 `already-begun`). All three parties sign the sheet when it
/// changes the qualification or the last day, or when the sheet before was not signed by all;
/// otherwise it holds as it is. A link that the student was mailed works no more. The school may.
#[utoipa::path(
    tag = "Agreements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("agreementId" = AgreementId, Path, description = "The agreement."),
    ),
    security(("bearer" = [AmendAgreements::SCOPE])),
)]
#[post("/placements/{placementId}/agreements/{agreementId}/sheets")]
pub async fn create_agreement_sheet(
    can: Can<AmendAgreements>,
    path: Path<(PlacementId, AgreementId)>,
    body: Json<CreateAgreementSheet>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (actor, digest, (placement, id)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        actions::amend(conn, &actor, placement, id, body.into_inner())?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}

/// Sign an agreement
///
/// Signs the newest sheet that needs signatures (ondertekenen). A school and a host sign for
/// themselves; a school also records the signature of a student who signed elsewhere, with evidence
/// (bewijsstuk); a bureau signs for a host under its mandate for agreements. Anybody else hears 403
/// `not-yours-to-sign` or `mandate-missing`. Each party signs a sheet once (409 `already-signed`).
#[utoipa::path(
    tag = "Agreements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("agreementId" = AgreementId, Path, description = "The agreement."),
    ),
    security(("bearer" = [SignAgreements::SCOPE])),
    extensions(("x-idempotency-key" = json!("required"))),
)]
#[post("/placements/{placementId}/agreements/{agreementId}/signatures")]
pub async fn create_agreement_signature(
    can: Can<SignAgreements>,
    path: Path<(PlacementId, AgreementId)>,
    body: Json<CreateSignature>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (actor, digest, (placement, id)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        actions::sign(conn, &actor, placement, id, body.into_inner())?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}

/// Mail the student a link to sign
///
/// Mails a link (link per mail) to the school e-mail address of the student, by which the student
/// signs once, within 14 days. Asked again, a new link is mailed and the one before works no more. No
/// answer shows the link or the address. 409 `no-school-email` when the school entered none. School
/// and bureau may.
#[utoipa::path(
    tag = "Agreements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("agreementId" = AgreementId, Path, description = "The agreement."),
    ),
    security(("bearer" = [MakeAgreements::SCOPE])),
)]
#[post("/placements/{placementId}/agreements/{agreementId}/student-link")]
pub async fn mail_student_link(
    can: Can<MakeAgreements>,
    path: Path<(PlacementId, AgreementId)>,
    once: Once,
    outbox: Data<Outbox>,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (actor, (placement, id)) = (can.actor().clone(), path.into_inner());
    once.write(&db, &can, [0; 32], move |conn| {
        actions::ask_student(conn, &actor, &outbox, placement, id)?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}

/// End an agreement
///
/// Ends the agreement (praktijkovereenkomst) while the placement goes on, for a coded reason: then
/// another one can be made. The placement keeps its state, and its readiness shows what is missing. A
/// link that the student was mailed works no more. With the placement the agreement ends by itself; with
/// a switch of the learning path (leerweg) too. School and bureau may; once anybody has signed, the bureau
/// needs a mandate of the host with the scope `agreements`.
#[utoipa::path(
    tag = "Agreements",
    params(
        ("placementId" = PlacementId, Path, description = "The placement."),
        ("agreementId" = AgreementId, Path, description = "The agreement."),
    ),
    security(("bearer" = [MakeAgreements::SCOPE])),
)]
#[post("/placements/{placementId}/agreements/{agreementId}/ending")]
pub async fn end_agreement(
    can: Can<MakeAgreements>,
    path: Path<(PlacementId, AgreementId)>,
    body: Json<EndAgreement>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (actor, digest, (placement, id)) = (can.actor().clone(), body.digest(), path.into_inner());
    once.write(&db, &can, digest, move |conn| {
        actions::end(conn, &actor, placement, id, &body.into_inner())?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}

/// Correct or withdraw a signature
///
/// Records a signature (handtekening) anew that was recorded wrongly, or takes it back with `withdrawn`;
/// the wrong one stays among `formerSignatures`. Without a signature that is needed the agreement is
/// incomplete again. A signature on which the internship began is not of a later day than that (409
/// `signed-after-start`): correct the step to `active` first. Whoever recorded it may, and a host for which its bureau signed; anybody else hears
/// 403. A student's signature by link is the student's own: nobody corrects it, and when it must go, the
/// agreement is ended (`entered-wrongly`) and another one made.
#[utoipa::path(
    tag = "Agreements",
    params(("signatureId" = SignatureId, Path, description = "The signature: one of `sheets[].signatures` of the agreement.")),
    security(("bearer" = [SignAgreements::SCOPE])),
    extensions(("x-idempotency-key" = json!("required"))),
)]
#[post("/agreement-signatures/{signatureId}/corrections")]
pub async fn correct_agreement_signature(
    can: Can<SignAgreements>,
    signature: Path<SignatureId>,
    body: Json<CorrectSignature>,
    once: Once,
    db: Data<Db>,
) -> Result<Found<Agreement>> {
    let (actor, digest, signature) = (can.actor().clone(), body.digest(), signature.into_inner());
    once.write(&db, &can, digest, move |conn| {
        let (placement, id) = actions::correct_signature(conn, &actor, signature, body.into_inner())?;
        Found::of(&queries::find(conn, placement, id)?)
    })
    .await
}
