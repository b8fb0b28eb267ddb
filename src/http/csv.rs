//! Lists as CSV for spreadsheets: UTF-8 with a byte order mark, every cell quoted, and no text
//! that a spreadsheet would run as a formula.
//!
//! A collection that can be exported
//! 1. has a page that implements [`Export`];
//! 2. answers [`Exported`]: [`Exported::page`], or [`Exported::file`] where
//!    [`negotiate`](super::accept::negotiate) chose CSV; a file holds the whole list, which
//!    [`require_whole`] demands and [`Paging::all`](super::page::Paging::all) reads.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use super::page::Filter;
use super::reply::Listed;
use crate::error::{Error, Result, Rule};
use crate::kernel::since::Since;

/// 400: part of a list was asked for as a file.
pub const WHOLE_LIST_ONLY: Rule = Rule {
    code: "whole-list-only",
    nl: "Een CSV-bestand bevat de hele lijst. Laat limit, cursor en updatedSince weg, of vraag om JSON.",
    en: "A CSV file holds the whole list. Leave out limit, cursor and updatedSince, or ask for JSON.",
};

/// Excel takes a file without it for the local 8-bit code.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Between the items of a list, which share a cell.
const BETWEEN_ITEMS: &str = " | ";

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// As RFC 4180 has it.
    #[default]
    Comma,
    /// As spreadsheets set to Dutch expect it.
    Semicolon,
}

/// Characters that a file of one page can hold: 200 rows of the longest texts.
const LONGEST_FILE: usize = 50_000_000;

impl Delimiter {
    /// The delimiter by its name in `Accept: text/csv;delimiter=…`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "comma" => Some(Self::Comma),
            "semicolon" => Some(Self::Semicolon),
            _ => None,
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// A page of a collection that can also be had as a file.
pub trait Export {
    /// What stands on a line.
    type Row: Serialize;
    /// Name of the file, in kebab-case and without its ending.
    const NAME: &'static str;
    /// Names of the columns: the properties of the row, `lead.name` for one inside another.
    const COLUMNS: &'static [&'static str];
}

/// Refuses what a file cannot be: a page, or the changes of a feed.
///
/// # Errors
/// 400 `whole-list-only`.
pub fn require_whole(filter: &impl Filter, since: Option<Since>) -> Result<()> {
    let whole = filter.limit().is_none() && filter.cursor().is_none() && since.is_none();
    if whole { Ok(()) } else { Err(WHOLE_LIST_ONLY.bad_request()) }
}

/// 200 with a collection: a page as JSON or, where the caller prefers it, the list as a file.
#[derive(Debug, Clone)]
pub enum Exported<T> {
    /// The page.
    Json(Listed<T>),
    /// The whole list, to download as `<name>.csv`.
    Csv {
        /// From [`Export::NAME`].
        name: &'static str,
        /// The bytes of the file.
        file: Vec<u8>,
    },
}

impl<T: Serialize> Exported<T> {
    /// Serialises the page as JSON.
    ///
    /// # Errors
    /// Only a defect of ours.
    pub fn page(page: &T) -> Result<Self> {
        Listed::of(page).map(Self::Json)
    }
}

impl<T: Export> Exported<T> {
    /// Writes the rows as a file; belongs on the blocking thread.
    ///
    /// # Errors
    /// 500 when a column is no property of the row.
    pub fn file(rows: &[T::Row], delimiter: Delimiter) -> Result<Self> {
        let mut writer = WriterBuilder::new()
            .delimiter(delimiter.byte())
            .quote_style(QuoteStyle::Always)
            .terminator(Terminator::CRLF)
            .from_writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(T::COLUMNS).map_err(Error::internal)?;
        for row in rows {
            let row = serde_json::to_value(row).map_err(Error::internal)?;
            for column in T::COLUMNS {
                writer.write_field(cell(&row, column)?.as_bytes()).map_err(Error::internal)?;
            }
            writer.write_record(None::<&[u8]>).map_err(Error::internal)?;
        }
        let file = writer.into_inner().map_err(Error::internal)?;
        Ok(Self::Csv { name: T::NAME, file })
    }
}

impl<T> Responder for Exported<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = match self {
            Self::Json(page) => page.respond_to(request),
            Self::Csv { name, file } => HttpResponse::Ok()
                .content_type("text/csv; charset=utf-8; header=present")
                .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
                .body(file),
        };
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
        response
    }
}

impl<T: ToSchema + Export> IntoResponses for Exported<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let description = format!(
            "The whole list: UTF-8 with a byte order mark, a head line, every cell quoted; \
             `delimiter=semicolon` in Accept for semicolons. Text that a spreadsheet would run as a formula starts \
             with an apostrophe. The columns are the properties of an item, those of one inside another after a \
             dot; the items of a list share a cell, with `{BETWEEN_ITEMS}` between them. Columns: `{}`.",
            T::COLUMNS.join("`, `")
        );
        let file = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(description))
            .max_length(Some(LONGEST_FILE))
            .build();
        let mut responses = Listed::<T>::responses();
        for response in responses.values_mut() {
            if let RefOr::T(response) = response {
                response
                    .content
                    .insert("text/csv".to_owned(), ContentBuilder::new().schema(Some(file.clone())).build().into());
            }
        }
        responses
    }
}

/// What stands in a column of a row.
fn cell<'r>(row: &'r Value, column: &str) -> Result<Cow<'r, str>> {
    let missing = || Error::internal(format!("the column {column} is no property with a text of its own"));
    let inside = |value: &'r Value, name| if value.is_null() { Some(value) } else { value.get(name) };
    match column.split('.').try_fold(row, inside).ok_or_else(missing)? {
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(plain).collect();
            Ok(harmless(Cow::Owned(items.ok_or_else(missing)?.join(BETWEEN_ITEMS))))
        }
        Value::String(text) => Ok(harmless(Cow::Borrowed(text))),
        other => plain(other).ok_or_else(missing),
    }
}

/// A single value as text.
fn plain(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some(Cow::Borrowed("")),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(value.to_string())),
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The text as no spreadsheet runs it.
fn harmless(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(&text) { Cow::Owned(format!("'{text}")) } else { text }
}

/// Whether a spreadsheet could take the text for a formula: by its first character, or by the
/// first one after blanks and invisible ones, which some drop on import.
fn is_formula(text: &str) -> bool {
    let invisible =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start_matches(invisible).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
}

#[cfg(test)]
mod tests {
    use actix_web::Responder as _;
    use actix_web::test::TestRequest;
    use serde::Serialize;
    use utoipa::openapi::RefOr;
    use utoipa::{IntoResponses as _, ToSchema};

    use super::{Delimiter, Export, Exported};

    #[derive(Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    struct Line {
        name: &'static str,
        amount_cents: Option<i64>,
    }

    #[derive(Serialize, ToSchema)]
    struct Lines {
        items: Vec<Line>,
    }

    impl Export for Lines {
        type Row = Line;
        const NAME: &'static str = "lines";
        const COLUMNS: &'static [&'static str] = &["name", "amountCents"];
    }

    fn bytes_of<T: Export>(rows: &[T::Row], delimiter: Delimiter) -> String {
        let Exported::Csv { file, .. } = Exported::<T>::file(rows, delimiter).unwrap() else { panic!("no file") };
        String::from_utf8(file).unwrap()
    }

    fn file(rows: &[(&'static str, Option<i64>)], delimiter: Delimiter) -> String {
        let rows: Vec<Line> = rows.iter().map(|&(name, amount_cents)| Line { name, amount_cents }).collect();
        bytes_of::<Lines>(&rows, delimiter)
    }

    #[test]
    fn a_file_has_a_mark_a_head_and_quoted_cells() {
        assert_eq!(
            file(&[("Praktijk \"De Hoek\", Ons Dorp", Some(-125)), ("é", None)], Delimiter::Comma),
            "\u{feff}\"name\",\"amountCents\"\r\n\"Praktijk \"\"De Hoek\"\", Ons Dorp\",\"-125\"\r\n\"é\",\"\"\r\n"
        );
        assert_eq!(file(&[], Delimiter::Semicolon), "\u{feff}\"name\";\"amountCents\"\r\n");
    }

    #[test]
    fn no_text_can_be_run_as_a_formula() {
        let attacks = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{200b}=1",
            "\u{feff}=1",
            "＝1",
            "＋1",
            "－1",
            "＠x",
        ];
        for attack in attacks {
            let file = file(&[(attack, None)], Delimiter::Comma);
            assert!(file.contains(&format!("\"'{attack}\"")), "{attack:?} in {file:?}");
        }
        for harmless in ["a=b", "1-2", "'s-Hertogenbosch", ""] {
            assert!(file(&[(harmless, None)], Delimiter::Comma).contains(&format!("\"{harmless}\",")), "{harmless}");
        }
    }

    #[test]
    fn what_is_inside_and_what_is_a_list_has_a_cell_too() {
        struct Deep;
        impl Export for Deep {
            type Row = serde_json::Value;
            const NAME: &'static str = "deep";
            const COLUMNS: &'static [&'static str] = &["lead.name", "fund.name", "goals", "open"];
        }
        let row = serde_json::json!({"lead": {"name": "A"}, "fund": null, "goals": ["=1", "b"], "open": true});
        assert!(bytes_of::<Deep>(&[row], Delimiter::Comma).ends_with("\"A\",\"\",\"'=1 | b\",\"true\"\r\n"));
        for no_cell in [serde_json::json!({}), serde_json::json!({"lead": {"name": {}}})] {
            assert!(Exported::<Deep>::file(&[no_cell], Delimiter::Comma).is_err());
        }
    }

    #[test]
    fn an_export_is_documented_and_sent_in_both_forms() {
        let responses = Exported::<Lines>::responses();
        let Some(RefOr::T(response)) = responses.get("200") else { panic!("no 200") };
        assert_eq!(response.content.keys().collect::<Vec<_>>(), ["application/json", "text/csv"]);
        let file = Exported::<Lines>::file(&[], Delimiter::Comma).unwrap();
        let response = file.respond_to(&TestRequest::default().to_http_request());
        assert_eq!(response.headers().get("content-disposition").unwrap(), "attachment; filename=\"lines.csv\"");
        assert_eq!(response.headers().get("vary").unwrap(), "Accept");
    }
}
