//! A roster import on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::formats::{Form, RosterStudent};
use crate::error::Rule;
use crate::http::csv::Export;
use crate::http::page::Filter;
use crate::http::poll::Unfinished;
use crate::http::query::List;
use crate::http::reply::Resource;
use crate::http::upload::{LARGEST_UPLOAD, UploadKind};
use crate::kernel::formats::Sha256;
use crate::kernel::ids::{JobId, RosterImportId};
use crate::kernel::named::Named;
use crate::kernel::text::Line;

/// 415: no form in which a roster is taken.
const NOT_A_ROSTER: Rule = Rule {
    code: "unsupported-media-type",
    nl: "Stuur de studentenlijst als application/json, application/x-ndjson, text/csv of application/zip (OneRoster), in UTF-8.",
    en: "Send the roster as application/json, application/x-ndjson, text/csv or application/zip (OneRoster), in UTF-8.",
};

/// The most bytes that a roster may have: 256 MiB.
pub const LARGEST_ROSTER: usize = LARGEST_UPLOAD as usize;

crate::code_lists! {
    /// What a roster stands for.
    RosterMode "roster-mode" {
        Full "full" "Volledig: wie ontbreekt, wordt inactief" "Full: whoever is missing becomes inactive";
        Delta "delta" "Alleen wijzigingen" "Changes only";
    }

    /// The form of a roster file.
    RosterForm "roster-form" {
        Json "json" "JSON: een lijst van objecten" "JSON: an array of objects";
        Ndjson "ndjson" "JSON: een object per regel" "JSON: an object a line";
        Csv "csv" "CSV met kopregel" "CSV with a header";
        OneRoster "oneroster" "OneRoster 1.2 CSV in een zip" "OneRoster 1.2 CSV in a zip";
    }

    /// Where a roster import stands.
    RosterImportStatus "roster-import-status" {
        Receiving "receiving" "Wordt ontvangen" "Coming in";
        Queued "queued" "In de wachtrij" "Waiting for its turn";
        Running "running" "Bezig" "Running";
        GuardBlocked "guard-blocked" "Tegengehouden: er zouden veel studenten verdwijnen" "Blocked: many students would go";
        Done "done" "Klaar" "Done";
        Failed "failed" "Mislukt: er is niets overgenomen" "Failed: nothing of it took effect";
        Cancelled "cancelled" "Afgebroken: er is niets overgenomen" "Cancelled: nothing of it took effect";
        Lapsed "lapsed" "Vervallen: niet op tijd bevestigd" "Lapsed: not confirmed in time";
    }
}

crate::pages! {
    RosterImportPage of RosterImport;
    RosterImportErrorPage of RosterImportError;
}

impl RosterForm {
    /// How the reader calls it.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::Json => Form::Json,
            Self::Ndjson => Form::Ndjson,
            Self::Csv => Form::Csv,
            Self::OneRoster => Form::OneRoster,
        }
    }

    /// The form of this media type.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type {
            "application/json" => Some(Self::Json),
            "application/x-ndjson" => Some(Self::Ndjson),
            "text/csv" => Some(Self::Csv),
            "application/zip" => Some(Self::OneRoster),
            _ => None,
        }
    }
}

/// A roster file, as it is uploaded.
#[derive(Debug, Clone, Copy)]
pub struct RosterFile;

impl UploadKind for RosterFile {
    const MEDIA_TYPES: &'static [&'static str] =
        &["application/json", "application/x-ndjson", "text/csv", "application/zip"];
    const LIMIT: usize = LARGEST_ROSTER;
    const REFUSAL: &'static Rule = &NOT_A_ROSTER;
}

/// Schemas of the forms of a roster that no type of ours stands for.
macro_rules! files {
    ($($(#[doc = $doc:literal])* $name:ident $format:literal $description:literal;)+) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl utoipa::__dev::ComposeSchema for $name {
            fn compose(
                _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
            ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .format(Some(utoipa::openapi::SchemaFormat::Custom($format.to_owned())))
                    .description(Some($description))
                    .min_length(Some(1))
                    .max_length(Some(LARGEST_ROSTER))
                    .into()
            }
        }

        impl ToSchema for $name {}
    )+};
}

files! {
    /// A roster as CSV.
    RosterCsv "csv" "A header and a row a line, with commas or semicolons; UTF-8. Columns: `docs/roster-sync.md`.";
    /// A roster as lines of JSON.
    RosterLines "ndjson" "An object as in the JSON form on every line; UTF-8.";
    /// A roster as a OneRoster archive.
    RosterArchive "binary" "A OneRoster 1.2 zip: manifest.csv, users.csv, classes.csv and enrollments.csv; orgs.csv is read where it is there.";
}

/// A roster as JSON: every student once.
#[derive(Debug, Clone, Copy)]
pub struct RosterStudents;

impl utoipa::__dev::ComposeSchema for RosterStudents {
    fn compose(
        _: Vec<utoipa::openapi::RefOr<utoipa::openapi::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::schema::ArrayBuilder::new()
            .items(utoipa::openapi::Ref::from_schema_name(RosterStudent::name()))
            .description(Some("Students, each once."))
            .max_items(Some(2_000_000))
            .into()
    }
}

impl ToSchema for RosterStudents {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        schemas.push((RosterStudent::name().into_owned(), <RosterStudent as utoipa::PartialSchema>::schema()));
        RosterStudent::schemas(schemas);
    }
}

/// How a roster is to be taken.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterImportOptions {
    /// `full`: the file stands for everybody, and whoever is missing becomes inactive; `delta`: only
    /// the rows in the file count.
    #[param(inline)]
    pub mode: RosterMode,
    /// Read, compare and count, but change nothing; false unless given.
    pub dry_run: Option<bool>,
    /// When the file was taken from your own system; now unless given. A file that is older than one
    /// that was applied to the same programmes is refused (409 `roster-superseded`).
    pub taken_at: Option<DateTime<Utc>>,
    /// Codes of the programmes that the file is about, separated by commas; rows of other
    /// programmes are then refused and their students left alone. All programmes when absent.
    #[validate(length(min = 1, max = 50))]
    #[param(inline)]
    pub scope: Option<List<Line<64>>>,
}

/// What was counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterProgress {
    /// Rows read so far.
    #[schema(minimum = 0)]
    pub rows_read: i64,
    /// Rows of a OneRoster file about people who are no students of a registered programme.
    #[schema(minimum = 0)]
    pub skipped: i64,
    /// Rows that could not be taken in; their students stay as they were.
    #[schema(minimum = 0)]
    pub rejected: i64,
    /// Students who were new; null until the end.
    #[schema(minimum = 0)]
    pub created: Option<i64>,
    /// Students who changed.
    #[schema(minimum = 0)]
    pub updated: Option<i64>,
    /// Students who were held like that already.
    #[schema(minimum = 0)]
    pub unchanged: Option<i64>,
    /// Students who became inactive.
    #[schema(minimum = 0)]
    pub deactivated: Option<i64>,
}

/// Why the file as a whole was not applied.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterFailure {
    /// Stable code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Row at which reading stopped, from 1 and without the header.
    #[schema(minimum = 1)]
    pub row: Option<i64>,
    /// Names of columns or files that were expected.
    #[schema(value_type = Vec<Line<64>>, max_items = 50)]
    pub expected: Vec<String>,
}

/// A programme that would lose more than half of its students.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterGuard {
    /// The programme.
    pub programme: Named,
    /// Students who are active now.
    #[schema(minimum = 5)]
    pub active: i64,
    /// Those of them who would become inactive.
    #[schema(minimum = 3)]
    pub missing: i64,
}

/// A roster that a school handed over, and what became of it (aanlevering van een studentenlijst).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterImport {
    /// Identifies the import.
    pub id: RosterImportId,
    /// The school.
    pub school: Named,
    /// The job that applies it, also under `/jobs`.
    pub job_id: JobId,
    /// Form of the file.
    pub form: RosterForm,
    /// What the file stands for.
    pub mode: RosterMode,
    /// Whether nothing of it is to take effect.
    pub dry_run: bool,
    /// Codes of the programmes that the file is about; empty for all.
    #[schema(value_type = Vec<Line<64>>, max_items = 50)]
    pub scope: Vec<String>,
    /// When the file was taken from the school's system, as it said; else when the upload began.
    pub taken_at: DateTime<Utc>,
    /// Whether the school confirmed that a large loss of students is right.
    pub confirmed: bool,
    /// Where it stands.
    pub status: RosterImportStatus,
    /// States to which it can be moved: `queued` confirms, `cancelled` drops it.
    #[schema(max_items = 2)]
    pub allowed_transitions: Vec<RosterImportStatus>,
    /// Bytes received.
    #[schema(minimum = 0)]
    pub size_bytes: i64,
    /// SHA-256 of the file, once it has come in.
    pub sha256: Option<Sha256>,
    /// What was counted.
    pub progress: RosterProgress,
    /// True when nobody became inactive for being missing, because some row does not tell whom it is
    /// about: the missing one may be that one.
    pub deactivation_withheld: bool,
    /// Why nothing took effect, if so.
    pub failure: Option<RosterFailure>,
    /// Programmes that would lose more than half of their students.
    #[schema(max_items = 1000)]
    pub guard: Vec<RosterGuard>,
    /// Counts changes of the import's own state.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When the upload began.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
    /// When it ended, or was blocked.
    pub finished_at: Option<DateTime<Utc>>,
}

impl Resource for RosterImport {
    fn version(&self) -> i32 {
        self.version
    }
    fn location(&self) -> String {
        format!("/v1/roster-imports/{}", self.id)
    }
}

impl Unfinished for RosterImport {
    fn is_unfinished(&self) -> bool {
        matches!(self.status, RosterImportStatus::Receiving | RosterImportStatus::Queued | RosterImportStatus::Running)
    }
}

/// One thing that was wrong with a row; the value itself is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RosterImportError {
    /// Place in the list, from 1.
    #[schema(minimum = 1, maximum = 10_000)]
    pub number: i32,
    /// Row of the file, from 1 and without the header.
    #[schema(minimum = 1)]
    pub row: i64,
    /// Property of the row as a JSON pointer; empty for the whole row.
    #[schema(max_length = 200)]
    pub pointer: String,
    /// Stable code of what is wrong.
    #[schema(max_length = 64)]
    pub code: String,
}

impl Export for RosterImportErrorPage {
    type Row = RosterImportError;
    const NAME: &'static str = "roster-import-errors";
    const COLUMNS: &'static [&'static str] = &["row", "pointer", "code"];
}

/// Moves a roster import.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveRosterImport {
    /// `queued` confirms that a large loss of students is right; `cancelled` drops the import.
    pub to: RosterImportStatus,
}

/// Which roster imports to list, newest first.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterImportFilter {
    /// Only in this state.
    #[param(inline)]
    pub status: Option<RosterImportStatus>,
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

/// Which errors to list, in the order of the file.
#[derive(Debug, Serialize, Deserialize, Validate, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RosterImportErrorFilter {
    /// Items on a page.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u16>,
    /// The `nextCursor` of the page before.
    #[param(max_length = 4000)]
    pub cursor: Option<String>,
}

macro_rules! filters {
    ($($name:ident)+) => {$(
        impl Filter for $name {
            fn limit(&self) -> Option<u16> {
                self.limit
            }
            fn cursor(&self) -> Option<&str> {
                self.cursor.as_deref()
            }
        }
    )+};
}

filters!(RosterImportFilter RosterImportErrorFilter);
