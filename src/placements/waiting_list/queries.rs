//! The waiting list in the database: a view of the open requests, which the row policies open to
//! the bureau of the region.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::model::{Place, Waiting, WaitingListFilter};
use crate::db::{Conn, Prepare as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::day::Day;
use crate::kernel::field::LearningPath;
use crate::kernel::ids::{OrganisationId, PlacementOfferId, PlacementRequestId, QualificationId, RegionId, StudentId};
use crate::kernel::named::Named;
use crate::placements::requests::RequestPriority;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Nullable<Text>)]
    priority: Option<RequestPriority>,
    #[diesel(sql_type = Timestamptz)]
    since: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    id: PlacementRequestId,
    #[diesel(sql_type = SqlUuid)]
    qualification_id: QualificationId,
    #[diesel(sql_type = Text)]
    qualification: String,
    #[diesel(sql_type = SqlUuid)]
    school_id: OrganisationId,
    #[diesel(sql_type = Text)]
    school: String,
    #[diesel(sql_type = SqlUuid)]
    student_id: StudentId,
    #[diesel(sql_type = Bool)]
    active: bool,
    #[diesel(sql_type = Nullable<SmallInt>)]
    study_year: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    learning_path: Option<LearningPath>,
    #[diesel(sql_type = Nullable<Text>)]
    postcode_area: Option<String>,
    #[diesel(sql_type = Date)]
    starts_on: NaiveDate,
    #[diesel(sql_type = Date)]
    ends_on: NaiveDate,
}

impl From<Row> for Waiting {
    fn from(row: Row) -> Self {
        Self {
            position: row.position,
            priority: row.priority,
            since: row.since,
            request_id: row.id,
            qualification: Named::new(row.qualification_id, row.qualification),
            school: Named::new(row.school_id, row.school),
            student_id: row.student_id,
            student_active: row.active,
            study_year: row.study_year,
            learning_path: row.learning_path,
            postcode_area: row.postcode_area,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        }
    }
}

/// Places are counted over the whole list before anything is left out; what is told of each is
/// looked up for those of the page only.
const LIST: &str = "\
    WITH waiting AS ( \
        SELECT r.id, r.qualification_id, r.priority, r.since, r.school_id, r.student_id, r.starts_on, r.ends_on, \
            row_number() OVER ( \
                PARTITION BY r.qualification_id ORDER BY (r.priority IS NULL), r.since, r.id) AS position \
        FROM placement_requests r \
        WHERE r.region_id = $1 AND r.status = 'open' AND r.ends_on >= (SELECT app_today()) \
            AND ($2::uuid IS NULL OR r.qualification_id = $2)), \
    page AS ( \
        SELECT w.* FROM waiting w \
        WHERE ($3::uuid IS NULL OR w.school_id = $3) \
            AND ($4::date IS NULL OR w.ends_on >= $4) \
            AND ($5::date IS NULL OR w.starts_on <= $5) \
            AND ($6::text IS NULL OR (SELECT left(i.postcode4, 2) FROM student_identities i \
                WHERE i.student_id = w.student_id) = $6) \
            AND ($7::uuid IS NULL OR (w.qualification_id, (w.priority IS NULL), w.since, w.id) > ($7, $8, $9, $10)) \
            AND ($12::uuid IS NULL OR w.id IN (SELECT request_id FROM waiting_for_offer($12))) \
        ORDER BY w.qualification_id, (w.priority IS NULL), w.since, w.id \
        LIMIT $11) \
    SELECT w.position, w.priority, w.since, w.id, w.qualification_id, q.name AS qualification, w.school_id, \
        o.name AS school, w.student_id, s.active, s.study_year, p.learning_path, \
        left(i.postcode4, 2) AS postcode_area, w.starts_on, w.ends_on \
    FROM page w \
    JOIN qualifications q ON q.id = w.qualification_id \
    JOIN organisations o ON o.id = w.school_id \
    JOIN students s ON s.id = w.student_id \
    LEFT JOIN student_identities i ON i.student_id = w.student_id \
    LEFT JOIN learning_path_periods p \
        ON p.student_id = w.student_id AND p.superseded_at IS NULL AND p.effective_to IS NULL \
    ORDER BY w.qualification_id, (w.priority IS NULL), w.since, w.id";

/// Who waits in a region, by qualification, in the order of their places; with an offer, whoever fits it.
pub(super) fn list(
    conn: &mut Conn,
    region: RegionId,
    filter: &WaitingListFilter,
    offer: Option<PlacementOfferId>,
    paging: &Paging<Place>,
) -> Result<Vec<Waiting>> {
    let after = paging.after;
    let rows: Vec<Row> = sql_query(LIST)
        .bind::<SqlUuid, _>(region)
        .bind::<Nullable<SqlUuid>, _>(filter.qualification_id)
        .bind::<Nullable<SqlUuid>, _>(filter.school_id)
        .bind::<Nullable<Date>, _>(filter.period_from.map(Day::date))
        .bind::<Nullable<Date>, _>(filter.period_until.map(Day::date))
        .bind::<Nullable<Text>, _>(filter.postcode_area.as_deref())
        .bind::<Nullable<SqlUuid>, _>(after.map(|(qualification, ..)| qualification))
        .bind::<Nullable<Bool>, _>(after.map(|(_, unranked, ..)| unranked))
        .bind::<Nullable<Timestamptz>, _>(after.map(|(_, _, since, _)| since))
        .bind::<Nullable<SqlUuid>, _>(after.map(|(.., id)| id))
        .bind::<BigInt, _>(paging.fetch())
        .bind::<Nullable<SqlUuid>, _>(offer)
        .prepared()
        .load(conn)?;
    Ok(rows.into_iter().map(Into::into).collect())
}
