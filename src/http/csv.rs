//! Lists as CSV for spreadsheets: UTF-8 with a byte order mark, every cell quoted, and no text
//! that a spreadsheet would run as a formula.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ContentBuilder, ObjectBuilder, RefOr, Response};
use utoipa::{IntoResponses, ToSchema};

use super::reply::Listed;
use crate::error::{Error, Result};

/// Excel takes a file without it for the local 8-bit code.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What separates cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// As RFC 4180 has it.
    #[default]
    Comma,
    /// As spreadsheets set to Dutch expect it.
    Semicolon,
}

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

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing known.
    Empty,
    /// A number, for which a leading minus is no formula.
    Number(i64),
    /// Text, made harmless on its way out.
    Text(Cow<'r, str>),
}

impl<'r> From<&'r str> for Cell<'r> {
    fn from(text: &'r str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Cell<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell<'_> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

/// A resource that can be a line of an export.
pub trait CsvRow {
    /// The names of the columns: the resource's property names.
    const COLUMNS: &'static [&'static str];

    /// One cell per column.
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// The whole file; belongs on the blocking thread for long lists.
///
/// # Errors
/// 500 when a row has more or fewer cells than there are columns.
pub fn to_csv<R: CsvRow>(rows: &[R], delimiter: Delimiter) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter.byte())
        .quote_style(QuoteStyle::Always)
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(R::COLUMNS).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.cells().iter().map(|cell| written(cell).into_owned())).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

/// 200 with a collection: a page as JSON or, where the caller prefers it, a file of rows.
#[derive(Debug, Clone)]
pub enum Exported<T> {
    /// The page.
    Json(Listed<T>),
    /// The rows, to download as `<name>.csv`.
    Csv {
        /// Of the file, in kebab-case and without its ending.
        name: &'static str,
        /// From [`to_csv`].
        file: Vec<u8>,
    },
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

impl<T: ToSchema> IntoResponses for Exported<T> {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let file = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "UTF-8 with a byte order mark, a head line, every cell quoted; text that a spreadsheet \
                would run as a formula starts with an apostrophe. `delimiter=semicolon` in Accept for semicolons.",
            ))
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

fn written<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Number(number) => Cow::Owned(number.to_string()),
        Cell::Text(text) if is_formula(text) => Cow::Owned(format!("'{text}")),
        Cell::Text(text) => Cow::Borrowed(text),
    }
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
    use utoipa::IntoResponses as _;
    use utoipa::openapi::RefOr;

    use super::{Cell, CsvRow, Delimiter, Exported, to_csv};
    use crate::http::health::Health;

    struct Line(&'static str, Option<i64>);

    impl CsvRow for Line {
        const COLUMNS: &'static [&'static str] = &["name", "amountCents"];

        fn cells(&self) -> Vec<Cell<'_>> {
            vec![self.0.into(), self.1.into()]
        }
    }

    fn file(rows: &[Line], delimiter: Delimiter) -> String {
        String::from_utf8(to_csv(rows, delimiter).unwrap()).unwrap()
    }

    #[test]
    fn a_file_has_a_mark_a_head_and_quoted_cells() {
        assert_eq!(
            file(&[Line("Praktijk \"De Hoek\", Ons Dorp", Some(-125)), Line("é", None)], Delimiter::Comma),
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
            let file = file(&[Line(attack, None)], Delimiter::Comma);
            assert!(file.contains(&format!("\"'{attack}\"")), "{attack:?} in {file:?}");
        }
        for harmless in ["a=b", "1-2", "'s-Hertogenbosch", ""] {
            assert!(
                file(&[Line(harmless, None)], Delimiter::Comma).contains(&format!("\"{harmless}\",")),
                "{harmless}"
            );
        }
    }

    #[test]
    fn a_row_of_another_width_is_a_defect() {
        struct Uneven;
        impl CsvRow for Uneven {
            const COLUMNS: &'static [&'static str] = &["a", "b"];
            fn cells(&self) -> Vec<Cell<'_>> {
                vec![Cell::Empty]
            }
        }
        assert!(to_csv(&[Uneven], Delimiter::Comma).is_err());
    }

    #[test]
    fn an_export_is_documented_and_sent_in_both_forms() {
        let responses = Exported::<Health>::responses();
        let Some(RefOr::T(response)) = responses.get("200") else { panic!("no 200") };
        assert_eq!(response.content.keys().collect::<Vec<_>>(), ["application/json", "text/csv"]);
        let file = Exported::<Health>::Csv { name: "organisations", file: Vec::new() };
        let response = file.respond_to(&TestRequest::default().to_http_request());
        assert_eq!(
            response.headers().get("content-disposition").unwrap(),
            "attachment; filename=\"organisations.csv\""
        );
        assert_eq!(response.headers().get("vary").unwrap(), "Accept");
    }
}
