//! What an attendance record is, on the wire and in its table.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::error::Result;
use crate::http::page::{Filter, Paging};
use crate::http::patch::Change;
use crate::http::reply::Resource;
use crate::kernel::day::Day;
use crate::kernel::ids::{AttendanceRecordId, OrganisationId, PlacementId, RegionId};
use crate::placements::placements::PartKey;
use crate::schema::attendance_records;

/// How long an intern was there in a stretch of days (aanwezigheid), in minutes: 480 is eight hours.
#[derive(Debug, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = attendance_records)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceRecord {
    /// Identifies the record.
    pub id: AttendanceRecordId,
    /// The placement.
    pub placement_id: PlacementId,
    /// First day of the stretch.
    pub starts_on: NaiveDate,
    /// Last day of the stretch.
    pub ends_on: NaiveDate,
    /// Minutes that were planned (gepland).
    #[schema(minimum = 0, maximum = 20_000)]
    pub planned_minutes: i32,
    /// Minutes of these that the intern was there (aanwezig).
    #[schema(minimum = 0, maximum = 20_000)]
    pub present_minutes: i32,
    /// Minutes that the intern made up for earlier ones (ingehaald).
    #[schema(minimum = 0, maximum = 20_000)]
    pub made_up_minutes: i32,
    /// Counts changes of the record's own fields.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl Resource for AttendanceRecord {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/placements/{}/attendance/{}", self.placement_id, self.id)
    }
}

/// The attendance of the whole placement so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceTotals {
    /// Minutes that were planned.
    #[schema(minimum = 0)]
    pub planned_minutes: i64,
    /// Minutes of these that the intern was there.
    #[schema(minimum = 0)]
    pub present_minutes: i64,
    /// Minutes that the intern made up.
    #[schema(minimum = 0)]
    pub made_up_minutes: i64,
    /// Whole hours that count so far: present and made up.
    #[schema(minimum = 0)]
    pub hours_so_far: i64,
    /// Hours of the whole placement, as agreed; null where that is open.
    #[schema(minimum = 1, maximum = 5000)]
    pub total_hours: Option<i32>,
}

/// A page of a collection of `AttendanceRecord`, with the totals of the whole placement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceRecordPage {
    /// The items, in the collection's stable order.
    #[schema(max_items = 200)]
    pub items: Vec<AttendanceRecord>,
    /// Send it as `cursor` for the next page; null on the last one.
    #[schema(max_length = 4000)]
    pub next_cursor: Option<String>,
    /// The totals of the placement, whatever the filter and the page.
    pub totals: AttendanceTotals,
}

impl AttendanceRecordPage {
    /// Cuts the rows to the page that was asked for.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub(super) fn cut(
        paging: &Paging<AttendanceRecordId>,
        rows: Vec<AttendanceRecord>,
        totals: AttendanceTotals,
    ) -> Result<Self> {
        let (items, next_cursor) = paging.cut(rows, |record| record.id)?;
        Ok(Self { items, next_cursor, totals })
    }
}

/// An attendance record to enter.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateAttendanceRecord {
    /// First day of the stretch: in the placement, never ahead of today.
    pub starts_on: Day,
    /// Last day of the stretch: a week as a rule, 31 days at most.
    pub ends_on: Day,
    /// Minutes that were planned.
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub planned_minutes: i32,
    /// Minutes of these that the intern was there.
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub present_minutes: i32,
    /// Minutes that the intern made up for earlier ones.
    #[serde(default)]
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub made_up_minutes: i32,
}

/// Changes to an attendance record: what is absent stays.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatchAttendanceRecord {
    /// First day of the stretch: in the placement, never ahead of today.
    #[serde(default)]
    pub starts_on: Change<Day>,
    /// Last day of the stretch: a week as a rule, 31 days at most.
    #[serde(default)]
    pub ends_on: Change<Day>,
    /// Minutes that were planned.
    #[serde(default)]
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub planned_minutes: Change<i32>,
    /// Minutes of these that the intern was there.
    #[serde(default)]
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub present_minutes: Change<i32>,
    /// Minutes that the intern made up for earlier ones.
    #[serde(default)]
    #[validate(range(min = 0, max = 20_000))]
    #[schema(minimum = 0, maximum = 20_000)]
    pub made_up_minutes: Change<i32>,
}

/// Which attendance records to list.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AttendanceRecordFilter {
    /// Only those that last until this day or longer.
    #[param(inline)]
    pub period_from: Option<Day>,
    /// Only those that begin on this day or before.
    #[param(inline)]
    pub period_until: Option<Day>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

impl Filter for AttendanceRecordFilter {
    fn limit(&self) -> Option<u16> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

/// What a record says, all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = attendance_records)]
pub(super) struct Attended {
    pub(super) starts_on: Day,
    pub(super) ends_on: Day,
    pub(super) planned_minutes: i32,
    pub(super) present_minutes: i32,
    pub(super) made_up_minutes: i32,
}

/// The row of a new record.
#[derive(Debug, Insertable)]
#[diesel(table_name = attendance_records)]
pub(super) struct NewAttendanceRecord {
    pub(super) id: AttendanceRecordId,
    placement_id: PlacementId,
    region_id: RegionId,
    school_id: OrganisationId,
    practice_id: OrganisationId,
    #[diesel(embed)]
    attended: Attended,
}

impl NewAttendanceRecord {
    /// The row of what is said of a placement.
    pub(super) fn of(key: PartKey, attended: Attended) -> Self {
        Self {
            id: AttendanceRecordId::new(),
            placement_id: key.placement_id,
            region_id: key.region_id,
            school_id: key.school_id,
            practice_id: key.practice_id,
            attended,
        }
    }
}

/// A record that is about to change.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = attendance_records)]
pub(super) struct Standing {
    #[diesel(embed)]
    pub(super) attended: Attended,
    pub(super) version: i32,
}

impl From<CreateAttendanceRecord> for Attended {
    fn from(new: CreateAttendanceRecord) -> Self {
        Self {
            starts_on: new.starts_on,
            ends_on: new.ends_on,
            planned_minutes: new.planned_minutes,
            present_minutes: new.present_minutes,
            made_up_minutes: new.made_up_minutes,
        }
    }
}

impl PatchAttendanceRecord {
    /// What the record says after this change.
    pub(super) fn applied_to(self, mut attended: Attended) -> Attended {
        self.starts_on.apply_to(&mut attended.starts_on);
        self.ends_on.apply_to(&mut attended.ends_on);
        self.planned_minutes.apply_to(&mut attended.planned_minutes);
        self.present_minutes.apply_to(&mut attended.present_minutes);
        self.made_up_minutes.apply_to(&mut attended.made_up_minutes);
        attended
    }
}
