//! What the mails say, in Dutch with a few lines of English below, or in English. Plain, short, and without names beyond what is needed.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::auth::links::LinkToken;
use crate::http::problem::Language;

/// A mail by what it is for, with what fills its template.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letter {
    /// Asks a student to sign an agreement.
    SignAgreement(SignAgreement),
}

/// What a student is asked to sign, and the link that opens it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignAgreement {
    /// The link's token.
    pub token: LinkToken,
    /// Name of the school.
    pub school: String,
    /// Name of the practice.
    pub practice: String,
    /// First day of the placement.
    pub starts_on: NaiveDate,
    /// Last day of the placement.
    pub ends_on: NaiveDate,
}

/// The text of a mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) subject: &'static str,
    pub(super) body: String,
}

impl Letter {
    /// The name of its template.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self {
            Self::SignAgreement(_) => "sign-agreement",
        }
    }

    /// The mail in this language; `signing_url` is the page that a link leads to.
    pub(super) fn write(&self, language: Language, signing_url: &str) -> Written {
        match self {
            Self::SignAgreement(asked) => asked.write(language, signing_url),
        }
    }
}

impl SignAgreement {
    fn write(&self, language: Language, signing_url: &str) -> Written {
        let Self { token, school, practice, starts_on, ends_on } = self;
        let token = token.reveal();
        let (starts_on, ends_on) = (in_words(*starts_on, language), in_words(*ends_on, language));
        match language {
            Language::Dutch => Written {
                subject: "Onderteken je stageovereenkomst",
                body: format!(
                    "Hallo,\n\n\
                     Je stageovereenkomst (praktijkovereenkomst) staat voor je klaar.\n\n\
                     School:   {school}\n\
                     Praktijk: {practice}\n\
                     Periode:  {starts_on} tot en met {ends_on}\n\n\
                     Lees en onderteken de overeenkomst hier:\n\n\
                     {signing_url}#{token}\n\n\
                     Deze link is alleen voor jou: stuur deze mail niet door. Je kunt er één keer mee\n\
                     ondertekenen, binnen 14 dagen. Werkt de link niet meer, vraag je school dan om een nieuwe.\n\n\
                     Deze mail is automatisch verstuurd; een antwoord komt bij niemand aan.\n\n\
                     In English: your internship agreement at {practice} is ready for you. Read and sign\n\
                     it with the link above, which is for you only and works once, within 14 days. If it no\n\
                     longer works, ask your school for a new one. Nobody reads an answer to this mail.\n"
                ),
            },
            Language::English => Written {
                subject: "Sign your internship agreement",
                body: format!(
                    "Hello,\n\n\
                     Your internship agreement (praktijkovereenkomst) is ready for you.\n\n\
                     School:   {school}\n\
                     Practice: {practice}\n\
                     Period:   {starts_on} up to and including {ends_on}\n\n\
                     Read and sign the agreement here:\n\n\
                     {signing_url}#{token}\n\n\
                     This link is for you only: do not forward this mail. You can sign with it once, within\n\
                     14 days. If the link no longer works, ask your school for a new one.\n\n\
                     This mail was sent automatically; nobody reads an answer to it.\n"
                ),
            },
        }
    }
}

fn in_words(day: NaiveDate, language: Language) -> String {
    const MAANDEN: [&str; 12] = [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ];
    match language {
        Language::Dutch => {
            let month = MAANDEN.get(day.month0() as usize).copied().unwrap_or_default();
            format!("{} {month} {}", day.day(), day.year())
        }
        Language::English => day.format("%-d %B %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Language, Letter};

    fn letter() -> Letter {
        let asked = json!({ "sign-agreement": {
            "token": "t0ken", "school": "Voorbeeldschool", "practice": "Voorbeeldpraktijk {token}",
            "starts_on": "2018-09-01", "ends_on": "2019-01-31",
        }});
        serde_json::from_value(asked).unwrap()
    }

    #[test]
    fn the_mail_says_what_is_to_be_signed_and_where() {
        for (language, period) in [
            (Language::Dutch, "1 september 2018 tot en met 31 januari 2019"),
            (Language::English, "1 September 2018 up to and including 31 January 2019"),
        ] {
            let written = letter().write(language, "https://tekenen.example.org/overeenkomst");
            for part in [
                "Voorbeeldschool\n",
                "Voorbeeldpraktijk {token}\n",
                period,
                "https://tekenen.example.org/overeenkomst#t0ken\n",
            ] {
                assert!(written.body.contains(part), "{part} in {}", written.body);
            }
            assert_eq!(written.body.matches("t0ken").count(), 1);
            assert!(written.body.lines().all(|line| line.chars().count() <= 100), "{}", written.body);
        }
        assert!(!format!("{:?}", letter()).contains("t0ken"));
    }

    #[test]
    fn the_dutch_mail_also_says_it_in_english() {
        let body = letter().write(Language::Dutch, "https://tekenen.example.org/overeenkomst").body;
        let (dutch, english) = body.split_once("\n\nIn English: ").unwrap();
        assert!(dutch.starts_with("Hallo") && dutch.contains("#t0ken"));
        assert!(english.contains("Voorbeeldpraktijk") && english.contains("14 days"), "{english}");
    }

    #[test]
    fn what_is_kept_of_a_mail_is_read_back() {
        let kept = serde_json::to_value(letter()).unwrap();
        assert_eq!(kept["sign-agreement"]["token"], "t0ken");
        assert_eq!(letter().template(), "sign-agreement");
    }
}
