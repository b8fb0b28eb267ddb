//! A link on the wire, and what it can be for.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

crate::code_lists! {
    /// What a mailed link is for.
    LinkPurpose "link-purpose" {
        Agreement "agreement" "Een stageovereenkomst ondertekenen" "Sign a placement agreement";
        FeedbackItem "feedback-item" "Feedback geven" "Give feedback";
    }
}

/// What a link must be for, named by a handler in `ByLink<P>`.
pub trait Purpose: 'static {
    /// The purposes that will do.
    const PURPOSES: &'static [LinkPurpose];
}

/// A link for whatever purpose.
#[derive(Debug, Clone, Copy)]
pub struct AnyLink;

impl Purpose for AnyLink {
    const PURPOSES: &'static [LinkPurpose] = &[LinkPurpose::Agreement, LinkPurpose::FeedbackItem];
}

/// A link that opens an agreement.
#[derive(Debug, Clone, Copy)]
pub struct AgreementLink;

impl Purpose for AgreementLink {
    const PURPOSES: &'static [LinkPurpose] = &[LinkPurpose::Agreement];
}

/// A single-use link (link per mail), as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The agreement or feedback item that it opens.
    #[schema(value_type = crate::kernel::ids::LinkId)]
    pub resource_id: Uuid,
    /// When it stops working, also if nobody used it.
    pub expires_at: DateTime<Utc>,
}
