//! Hosting intents in the database. The host, and the bureau and schools of its regions read
//! them, host and bureau write them: the row policies decide, not we.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::define_sql_function;
use diesel::dsl::{exists, sql};
use diesel::prelude::*;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use uuid::Uuid;

use super::model::{HostingIntent, HostingIntentFilter, Intent, NewIntent, NotOfferingReason, Standing};
use super::rules::OVERLAPS;
use crate::db::{Breach, Conn, OnConstraint as _};
use crate::error::{Error, NOT_PERMITTED_ON_RESOURCE, Result};
use crate::http::page::Paging;
use crate::kernel::formats::SchoolYear;
use crate::kernel::ids::{HostingIntentId, OrganisationId};
use crate::kernel::named::Named;
use crate::schema::{hosting_intents, memberships, organisations};

define_sql_function! {
    /// Whether the caller states intents of a host.
    fn may_state_intent(organisation_id: SqlUuid) -> Bool;
}

crate::fact_queries!(hosting_intents);

diesel::alias!(organisations as hosts: HostsAlias, organisations as recorders: RecordersAlias);

#[derive(Queryable, Selectable)]
#[diesel(table_name = hosting_intents)]
struct Row {
    id: HostingIntentId,
    organisation_id: OrganisationId,
    school_year: SchoolYear,
    intent: Intent,
    reason_code: Option<NotOfferingReason>,
    effective_from: NaiveDate,
    effective_to: Option<NaiveDate>,
    recorded_by: OrganisationId,
    recorded_at: DateTime<Utc>,
    superseded_at: Option<DateTime<Utc>>,
    version: i32,
}

/// The row and the names of the host and of who recorded it.
type Joined = (Row, String, String);

fn assemble((row, host, recorder): Joined) -> HostingIntent {
    HostingIntent {
        id: row.id,
        organisation: Named::new(row.organisation_id, host),
        school_year: row.school_year,
        intent: row.intent,
        reason_code: row.reason_code,
        effective_from: row.effective_from,
        effective_to: row.effective_to,
        recorded_by: Named::new(row.recorded_by, recorder),
        recorded_at: row.recorded_at,
        superseded_at: row.superseded_at,
        version: row.version,
    }
}

/// The select every reading query shares.
macro_rules! joined {
    () => {
        hosting_intents::table
            .inner_join(hosts.on(hosts.field(organisations::id).eq(hosting_intents::organisation_id)))
            .inner_join(recorders.on(recorders.field(organisations::id).eq(hosting_intents::recorded_by)))
            .select((Row::as_select(), hosts.field(organisations::name), recorders.field(organisations::name)))
    };
}

/// The last intent that stands for a host and a school year.
pub(super) fn find(conn: &mut Conn, organisation: OrganisationId, school_year: &SchoolYear) -> Result<HostingIntent> {
    let joined: Joined = joined!()
        .filter(hosting_intents::organisation_id.eq(organisation))
        .filter(hosting_intents::school_year.eq(school_year))
        .filter(hosting_intents::superseded_at.is_null())
        .order(hosting_intents::effective_from.desc())
        .first(conn)?;
    Ok(assemble(joined))
}

pub(super) fn list(
    conn: &mut Conn,
    filter: &HostingIntentFilter,
    paging: &Paging<HostingIntentId>,
) -> Result<Vec<HostingIntent>> {
    let mut query = joined!().filter(seen(filter.view())).order(hosting_intents::id).limit(paging.fetch()).into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(hosting_intents::id.gt(after));
    }
    if let Some(school_year) = &filter.school_year {
        query = query.filter(hosting_intents::school_year.eq(school_year.clone()));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(hosting_intents::organisation_id.eq(organisation));
    }
    if let Some(intent) = filter.intent {
        query = query.filter(hosting_intents::intent.eq(intent));
    }
    if let Some(region) = filter.region_id {
        let day =
            sql::<Date>("coalesce(").bind::<diesel::sql_types::Nullable<Date>, _>(filter.as_of).sql(", app_today())");
        let member = memberships::table
            .filter(memberships::organisation_id.eq(hosting_intents::organisation_id))
            .filter(memberships::region_id.eq(region))
            .filter(memberships::superseded_at.is_null())
            .filter(memberships::effective_from.le(day.clone()))
            .filter(memberships::effective_to.is_null().or(memberships::effective_to.assume_not_null().gt(day)));
        query = query.filter(exists(member));
    }
    let rows: Vec<Joined> = query.load(conn)?;
    Ok(rows.into_iter().map(assemble).collect())
}

/// Demands that the caller states the intents of this host: itself, or a bureau of its region.
pub(super) fn require_writable(conn: &mut Conn, organisation: OrganisationId) -> Result<()> {
    if diesel::select(may_state_intent(organisation)).get_result::<bool>(conn)? {
        Ok(())
    } else {
        Err(Error::Forbidden(&NOT_PERMITTED_ON_RESOURCE))
    }
}

/// The last intent that stands, locked; none when nothing was stated, or nothing that the
/// caller may change.
pub(super) fn find_for_update(
    conn: &mut Conn,
    organisation: OrganisationId,
    school_year: &SchoolYear,
) -> Result<Option<Standing>> {
    Ok(hosting_intents::table
        .filter(hosting_intents::organisation_id.eq(organisation))
        .filter(hosting_intents::school_year.eq(school_year))
        .filter(hosting_intents::superseded_at.is_null())
        .order(hosting_intents::effective_from.desc())
        .select(Standing::as_select())
        .for_no_key_update()
        .first(conn)
        .optional()?)
}

pub(super) fn insert(conn: &mut Conn, new: &[NewIntent]) -> Result<()> {
    diesel::insert_into(hosting_intents::table).values(new).execute(conn).on_constraint(BREACHES)?;
    Ok(())
}

/// Takes a version back and puts others in its place.
pub(super) fn replace(conn: &mut Conn, row_id: Uuid, by: &[NewIntent]) -> Result<()> {
    supersede(conn, row_id)?;
    insert(conn, by)
}

const BREACHES: &[(&str, Breach)] =
    &[("hosting_intents_organisation_id_school_year_excl", Breach::Conflict(&OVERLAPS))];
