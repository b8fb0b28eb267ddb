//! orgs.csv of a OneRoster archive: which of the organisations in it are the school itself.

use std::collections::HashSet;
use std::io::{Read, Seek};

use super::archive::Archive;
use super::failure::{Halt, Refusal};
use super::oneroster::Sheet;
use crate::kernel::formats::EducationOffererCode;

/// The most organisations that one archive may have.
const MOST_ORGS: usize = 10_000;

/// The organisations of an archive that are the school; none where the archive does not tell.
pub(super) struct OwnOrgs(Option<HashSet<String>>);

impl OwnOrgs {
    /// Every organisation, because nothing tells them apart.
    pub(super) const fn all() -> Self {
        Self(None)
    }

    /// Those with the school's own code (onderwijsaanbiedercode), and those below them.
    ///
    /// # Errors
    /// `other-school` when the archive names only other schools.
    pub(super) fn read<R: Read + Seek>(archive: &mut Archive<R>, code: &EducationOffererCode) -> Result<Self, Halt> {
        let mut sheet = Sheet::open(archive.entry("orgs.csv")?, &["sourcedId", "identifier"])?;
        let [id, identifier, parent] = ["sourcedId", "identifier", "parentSourcedId"].map(|name| sheet.column(name));
        let (mut own, mut below, mut others) = (HashSet::new(), Vec::new(), false);
        while let Some(org) = sheet.next()? {
            let cell = |column: Option<usize>| column.and_then(|column| org.get(column)).unwrap_or_default();
            if cell(identifier) == code.as_str() {
                own.insert(cell(id).to_owned());
            } else {
                // Systems put all kinds of numbers here; only another school's code says another school.
                others |= EducationOffererCode::new(cell(identifier)).is_ok();
                below.push((cell(parent).to_owned(), cell(id).to_owned()));
            }
            if own.len() + below.len() > MOST_ORGS {
                return Err(Refusal::whole("too-many-orgs").into());
            }
        }
        if own.is_empty() {
            return if others { Err(Refusal::whole("other-school").into()) } else { Ok(Self::all()) };
        }
        loop {
            let before = below.len();
            below.retain(|(parent, id)| {
                let found = own.contains(parent);
                if found {
                    own.insert(id.clone());
                }
                !found
            });
            if below.len() == before {
                return Ok(Self(Some(own)));
            }
        }
    }

    /// Whether what is of this organisation is of the school; what names none is.
    pub(super) fn has(&self, org: &str) -> bool {
        org.is_empty() || self.0.as_ref().is_none_or(|own| own.contains(org))
    }
}
