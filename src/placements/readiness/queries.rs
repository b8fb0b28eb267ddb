//! What is known of placements, mostly on their first days, of many at once: what the caller may not see
//! counts as not there.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Array, Bool, Date, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::rules::{Agreed, Facts};
use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::PlacementId;
use crate::organisations::qualifications::QualificationFramework;
use crate::placements::agreements::SigningParty;
use crate::regions::readiness_rules::{Requirement, Severity};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: PlacementId,
    #[diesel(sql_type = Text)]
    framework: QualificationFramework,
    #[diesel(sql_type = Text)]
    learning_path: LearningPath,
    #[diesel(sql_type = Bool)]
    employed: bool,
    #[diesel(sql_type = Nullable<Date>)]
    made_on: Option<NaiveDate>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    signed: Option<Vec<SigningParty>>,
    #[diesel(sql_type = Nullable<Date>)]
    agreement_ended_on: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    recognised: bool,
    #[diesel(sql_type = Nullable<Date>)]
    unrecognised_from: Option<NaiveDate>,
    #[diesel(sql_type = Bool)]
    certified: bool,
    #[diesel(sql_type = Array<Text>)]
    demanded: Vec<Requirement>,
    #[diesel(sql_type = Array<Text>)]
    severities: Vec<Severity>,
    #[diesel(sql_type = Array<Text>)]
    met: Vec<Requirement>,
}

/// An agreement has its first sheet, which is signed, from the start; what the intern is in training for stands on
/// the newest one. When an item was checked does not matter; one that does not apply stands in nobody's way.
/// Recognitions are of the host or of one site; an offer that names no site may be at any of them. Recognition is
/// lost when every one that there was or will be was withdrawn by the last day.
const FACTS: &str = "\
    SELECT p.id, q.framework, p.learning_path, p.employer_kind IS NOT NULL AS employed, s.made_on, s.signed, \
        host.recognised, host.unrecognised_from, \
        (SELECT max(a.ended_on) FROM agreements a WHERE a.placement_id = p.id) AS agreement_ended_on, \
        EXISTS ( \
            SELECT FROM mentor_certificates c \
            WHERE c.mentor_id = p.mentor_id AND c.superseded_at IS NULL \
                AND c.effective_from <= p.starts_on AND (c.effective_to IS NULL OR c.effective_to > p.starts_on) \
                AND (c.professions = '{}' OR c.professions @> ARRAY[q.profession]) \
        ) AS certified, \
        d.demanded, d.severities, \
        ARRAY ( \
            SELECT i.requirement FROM compliance_items i \
            WHERE i.placement_id = p.id AND i.status IN ('met', 'not-applicable') \
                AND (i.valid_until IS NULL OR i.valid_until >= p.starts_on) \
        ) AS met \
    FROM placements p \
    LEFT JOIN placement_offers o ON o.id = p.offer_id \
    LEFT JOIN LATERAL ( \
        SELECT t.qualification_id \
        FROM agreements a JOIN agreement_sheets t ON t.agreement_id = a.id \
        WHERE a.placement_id = p.id AND a.ended_on IS NULL \
        ORDER BY t.number DESC \
        LIMIT 1 \
    ) newest ON true \
    JOIN qualifications q ON q.id = coalesce(newest.qualification_id, p.qualification_id) \
    CROSS JOIN LATERAL ( \
        SELECT \
            coalesce(bool_or(r.valid_from <= p.starts_on AND coalesce(r.withdrawn_on > p.starts_on, true)), false) \
                AS recognised, \
            CASE WHEN bool_and(coalesce(r.withdrawn_on <= p.ends_on, false)) THEN max(r.withdrawn_on) END \
                AS unrecognised_from \
        FROM recognitions r \
        WHERE r.organisation_id = p.practice_id AND r.qualification_id = q.id AND r.valid_from <= p.ends_on \
            AND (r.site_id IS NULL OR o.site_id IS NULL OR r.site_id = o.site_id) \
    ) host \
    CROSS JOIN LATERAL ( \
        SELECT coalesce(array_agg(r.requirement ORDER BY r.id), '{}') AS demanded, \
            coalesce(array_agg(r.severity ORDER BY r.id), '{}') AS severities \
        FROM readiness_rules r \
        WHERE r.region_id = p.region_id AND r.superseded_at IS NULL \
            AND r.effective_from <= p.starts_on AND (r.effective_to IS NULL OR r.effective_to > p.starts_on) \
            AND (r.profession IS NULL OR r.profession = q.profession) \
    ) d \
    LEFT JOIN LATERAL ( \
        SELECT (t.created_at AT TIME ZONE 'Europe/Amsterdam')::date AS made_on, \
            ARRAY ( \
                SELECT g.party FROM agreement_signatures g \
                WHERE g.agreement_id = t.agreement_id AND g.sheet_number = t.number AND g.superseded_at IS NULL \
            ) AS signed \
        FROM agreements a \
        JOIN agreement_sheets t ON t.agreement_id = a.id AND t.needs_signatures \
        WHERE a.placement_id = p.id AND a.ended_on IS NULL \
        ORDER BY t.number DESC \
        LIMIT 1 \
    ) s ON true \
    WHERE p.id = ANY ($1)";

/// What is known of these placements, as far as the caller sees them.
pub(super) fn facts_of(conn: &mut Conn, placements: &[PlacementId]) -> Result<HashMap<PlacementId, Facts>> {
    let rows: Vec<Row> = sql_query(FACTS).bind::<Array<SqlUuid>, _>(placements).prepared().load(conn)?;
    let known = rows.into_iter().map(|row| {
        let mut met = row.met;
        if row.certified {
            met.push(Requirement::MentorCertificate);
        }
        let facts = Facts {
            framework: row.framework,
            learning_path: row.learning_path,
            agreed: row.made_on.zip(row.signed).map(|(made_on, signed)| Agreed { made_on, signed }),
            agreement_ended_on: row.agreement_ended_on,
            recognised: row.recognised,
            unrecognised_from: row.unrecognised_from,
            employed: row.employed,
            demanded: row.demanded.into_iter().zip(row.severities).collect(),
            met,
        };
        (row.id, facts)
    });
    Ok(known.collect())
}
