//! stub
macro_rules! stub { ($($n:ident)*) => {$(
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct $n(String);
impl $n { pub fn as_str(&self) -> &str { &self.0 } }
impl From<$n> for String { fn from(t: $n) -> String { t.0 } }
impl utoipa::PartialSchema for $n { fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> { <String as utoipa::PartialSchema>::schema() } }
impl utoipa::ToSchema for $n {}
impl validator::ValidateLength<u64> for $n { fn length(&self) -> Option<u64> { Some(self.0.chars().count() as u64) } }
)*}}
stub! { Line Prose }
