//! Organisations in the database. Everybody signed in reads the directory; who changes a row is
//! decided by the row policies.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, sql};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Text};

use super::model::{
    ByName, NewOrganisation, Organisation, OrganisationChanges, OrganisationFilter, OrganisationKind,
    SearchOrganisations,
};
use crate::db::feed::Window;
use crate::db::{Conn, SecondLook as _};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::formats::{AgbCode, EducationOffererCode, KvkNumber, Phone, Postcode};
use crate::kernel::ids::OrganisationId;
use crate::kernel::since::Tx;
use crate::kernel::text::Line;
use crate::organisations::address::Address;
use crate::schema::{memberships, organisations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = organisations)]
struct Row {
    id: OrganisationId,
    name: String,
    kinds: Vec<OrganisationKind>,
    kvk_number: Option<KvkNumber>,
    agb_code: Option<AgbCode>,
    leerbedrijf_id: Option<Line<64>>,
    education_offerer_code: Option<EducationOffererCode>,
    street: Option<Line<200>>,
    house_number: Option<Line<20>>,
    postcode: Option<Postcode>,
    place: Option<Line<100>>,
    phone: Option<Phone>,
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Organisation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kinds: row.kinds,
            kvk_number: row.kvk_number,
            agb_code: row.agb_code,
            leerbedrijf_id: row.leerbedrijf_id,
            education_offerer_code: row.education_offerer_code,
            visiting_address: Address {
                street: row.street,
                house_number: row.house_number,
                postcode: row.postcode,
                place: row.place,
            },
            phone: row.phone,
            active: row.active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

type Condition = Box<dyn BoxableExpression<organisations::table, Pg, SqlType = Bool>>;

/// What the filter asks of an organisation; the same for the directory and its feed.
fn conditions(filter: &OrganisationFilter) -> Vec<Condition> {
    let mut conditions: Vec<Condition> = Vec::new();
    if let Some(name) = &filter.name {
        conditions.push(Box::new(organisations::name.ilike(containing(name.as_str()))));
    }
    if let Some(kind) = filter.kind {
        conditions.push(Box::new(organisations::kinds.contains(vec![kind])));
    }
    if let Some(place) = &filter.place {
        conditions.push(Box::new(organisations::place.assume_not_null().ilike(literally(place.as_str()))));
    }
    if let Some(region) = filter.region_id {
        let today = sql::<Date>("app_today()");
        let member = memberships::table
            .filter(memberships::organisation_id.eq(organisations::id))
            .filter(memberships::region_id.eq(region))
            .filter(memberships::superseded_at.is_null())
            .filter(memberships::effective_from.le(today.clone()))
            .filter(memberships::effective_to.is_null().or(memberships::effective_to.assume_not_null().gt(today)));
        conditions.push(Box::new(exists(member)));
    }
    if let Some(active) = filter.active {
        conditions.push(Box::new(organisations::active.eq(active)));
    }
    conditions
}

/// The text as a pattern that means just itself.
fn literally(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

/// A pattern for everything with the text in it.
fn containing(text: &str) -> String {
    format!("%{}%", literally(text))
}

pub(super) fn find(conn: &mut Conn, id: OrganisationId) -> Result<Organisation> {
    let row: Row = organisations::table.find(id).select(Row::as_select()).first(conn)?;
    Ok(row.into())
}

pub(super) fn list(conn: &mut Conn, filter: &OrganisationFilter, paging: &Paging<ByName>) -> Result<Vec<Organisation>> {
    directory(conn, conditions(filter), paging)
}

pub(super) fn search(
    conn: &mut Conn,
    search: &SearchOrganisations,
    paging: &Paging<ByName>,
) -> Result<Vec<Organisation>> {
    let mut conditions: Vec<Condition> = Vec::new();
    if let Some(number) = &search.kvk_number {
        conditions.push(Box::new(organisations::kvk_number.assume_not_null().eq(number.clone())));
    }
    if let Some(code) = &search.agb_code {
        conditions.push(Box::new(organisations::agb_code.assume_not_null().eq(code.clone())));
    }
    if let Some(id) = &search.leerbedrijf_id {
        // An OR over two tables would read both as a whole.
        let either = sql::<Bool>("organisations.id IN (SELECT id FROM organisations WHERE leerbedrijf_id = ")
            .bind::<Text, _>(id.clone())
            .sql(" UNION SELECT organisation_id FROM organisation_sites WHERE leerbedrijf_id = ")
            .bind::<Text, _>(id.clone())
            .sql(")");
        conditions.push(Box::new(either));
    }
    if let Some(name) = &search.name {
        conditions.push(Box::new(organisations::name.ilike(containing(name.as_str()))));
    }
    directory(conn, conditions, paging)
}

fn directory(conn: &mut Conn, conditions: Vec<Condition>, paging: &Paging<ByName>) -> Result<Vec<Organisation>> {
    let mut query = organisations::table
        .select(Row::as_select())
        .order((organisations::name, organisations::id))
        .limit(paging.fetch())
        .into_boxed();
    for condition in conditions {
        query = query.filter(condition);
    }
    if let Some((name, id)) = &paging.after {
        // The first comparison alone can use the index.
        query = query
            .filter(organisations::name.ge(name.clone()))
            .filter(organisations::name.gt(name.clone()).or(organisations::id.gt(*id)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    Ok(rows.into_iter().map(Organisation::from).collect())
}

pub(super) fn changed(
    conn: &mut Conn,
    filter: &OrganisationFilter,
    window: &Window,
    limit: i64,
) -> Result<Vec<(Tx, Organisation)>> {
    let mut query = organisations::table
        .select((crate::changed_tx!(organisations), Row::as_select()))
        .filter(crate::changed_in!(organisations, window))
        .order((organisations::updated_tx, organisations::id))
        .limit(limit)
        .into_boxed();
    for condition in conditions(filter) {
        query = query.filter(condition);
    }
    let rows: Vec<(Tx, Row)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(tx, row)| (tx, row.into())).collect())
}

/// The version that stands, locked for the rest of the transaction.
pub(super) fn find_for_update(conn: &mut Conn, id: OrganisationId) -> Result<i32> {
    organisations::table.find(id).select(organisations::version).for_no_key_update().first(conn).or_second_look(
        conn,
        "organisations",
        id,
    )
}

pub(super) fn insert(conn: &mut Conn, new: &NewOrganisation) -> Result<()> {
    diesel::insert_into(organisations::table).values(new).execute(conn)?;
    Ok(())
}

pub(super) fn update(conn: &mut Conn, id: OrganisationId, changes: &OrganisationChanges) -> Result<()> {
    diesel::update(organisations::table.find(id)).set(changes).execute(conn)?;
    Ok(())
}

/// Demands that the organisation is there, for what hangs on it.
///
/// # Errors
/// 404 when it is not.
pub fn require_visible(conn: &mut Conn, id: OrganisationId) -> Result<()> {
    organisations::table.find(id).select(organisations::id).first::<OrganisationId>(conn)?;
    Ok(())
}

/// What the organisation is.
///
/// # Errors
/// 404 when it is not there.
pub fn kinds_of(conn: &mut Conn, id: OrganisationId) -> Result<Vec<OrganisationKind>> {
    Ok(organisations::table.find(id).select(organisations::kinds).first(conn)?)
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn wildcards_mean_themselves() {
        assert_eq!(containing(r"100%_\"), r"%100\%\_\\%");
    }
}
