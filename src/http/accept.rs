//! Which of the representations an operation has the caller wants (`Accept`).

use actix_web::http::StatusCode;
use actix_web::http::header::{Accept, Header as _, Quality};
use actix_web::mime::{self, Mime};
use actix_web::{HttpMessage, http::header};

use super::csv::Delimiter;
use crate::error::{Error, Result, Rule};

const NOT_ACCEPTABLE: Rule = Rule {
    code: "not-acceptable",
    nl: "Deze vorm is er niet; de mogelijke vormen staan in het contract bij deze operatie.",
    en: "There is no such representation; the contract lists those of this operation.",
};

/// A representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json`, everywhere.
    Json,
    /// `text/csv`, on exports; with semicolons for `text/csv;delimiter=semicolon`.
    Csv(Delimiter),
    /// `text/html`, on printable reports.
    Html,
}

impl Format {
    /// CSV as an operation offers it; the caller's `Accept` chooses the delimiter.
    pub const CSV: Self = Self::Csv(Delimiter::Comma);

    const fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Csv(_) => ("text", "csv"),
            Self::Html => ("text", "html"),
        }
    }

    /// This format as a media range asks for it, with how closely the range names it.
    fn asked_by(self, range: &Mime) -> Option<(Self, u8)> {
        let (kind, name) = self.media_type();
        let closeness = match (range.type_(), range.subtype()) {
            (mime::STAR, mime::STAR) => 0,
            (asked, mime::STAR) if asked == kind => 1,
            (asked, exact) if asked == kind && exact == name => 2,
            _ => return None,
        };
        let format = match (self, range.get_param("delimiter")) {
            (Self::Csv(_), Some(delimiter)) => Self::Csv(Delimiter::named(delimiter.as_str())?),
            (format, _) => format,
        };
        Some((format, closeness))
    }
}

/// The offered format the caller likes best; the first of equals, and the first one without an
/// `Accept` header.
///
/// # Errors
/// 406 when the caller accepts none of them.
pub fn negotiate(request: &impl HttpMessage, offered: &[Format]) -> Result<Format> {
    let refused = || Error::Refused(StatusCode::NOT_ACCEPTABLE, &NOT_ACCEPTABLE);
    let accepted = if request.headers().contains_key(header::ACCEPT) {
        Accept::parse(request).map_err(|_unreadable| refused())?.0
    } else {
        Vec::new()
    };
    if accepted.is_empty() {
        return offered.first().copied().ok_or_else(refused);
    }
    let mut best: Option<(Format, Quality)> = None;
    for format in offered {
        // The closest range decides about a format, as RFC 9110 has it, also when it says no.
        let closest = accepted
            .iter()
            .filter_map(|range| {
                format.asked_by(&range.item).map(|(format, closeness)| (format, range.quality, closeness))
            })
            .max_by_key(|(_, quality, closeness)| (*closeness, *quality));
        if let Some((format, quality, _)) = closest
            && quality > Quality::ZERO
            && best.is_none_or(|(_, so_far)| quality > so_far)
        {
            best = Some((format, quality));
        }
    }
    best.map(|(format, _)| format).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{Delimiter, Format, negotiate};

    const OFFERED: [Format; 2] = [Format::Json, Format::CSV];

    fn asked(accept: &str) -> Option<Format> {
        negotiate(&TestRequest::default().insert_header(("Accept", accept)).to_http_request(), &OFFERED).ok()
    }

    #[test]
    fn the_best_liked_format_is_chosen_and_the_first_without_a_wish() {
        let semicolon = Format::Csv(Delimiter::Semicolon);
        assert_eq!(negotiate(&TestRequest::default().to_http_request(), &OFFERED).ok(), Some(Format::Json));
        assert_eq!(asked("*/*"), Some(Format::Json));
        assert_eq!(asked("application/*"), Some(Format::Json));
        assert_eq!(asked("text/*, application/json;q=0.5"), Some(Format::CSV));
        assert_eq!(asked("text/csv"), Some(Format::CSV));
        assert_eq!(asked("text/csv;delimiter=semicolon"), Some(semicolon));
        assert_eq!(asked("text/csv; delimiter=\"semicolon\";q=0.9, application/json;q=0.5"), Some(semicolon));
        assert_eq!(asked("application/json;q=0, */*"), Some(Format::CSV));
    }

    #[test]
    fn what_there_is_not_is_refused() {
        for accept in ["application/xml", "text/csv;delimiter=pipe", "application/json;q=0", "text/html"] {
            assert_eq!(asked(accept), None, "{accept}");
        }
    }
}
