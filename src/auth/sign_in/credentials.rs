//! Finding the client's id and secret in a token request.

use actix_web::http::header::{self, HeaderMap};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::model::TokenRequest;
use super::refusal::Refusal;
use crate::kernel::ids::ClientId;

/// Who claims to be which client. Never shown in debug output or logs.
#[derive(PartialEq, Eq)]
pub(super) struct Credentials {
    /// What was presented as the client's id; nobody's when it is none.
    pub(super) client: ClientId,
    /// What was presented as its secret.
    pub(super) secret: String,
}

impl Credentials {
    /// Reads `client_secret_basic` or `client_secret_post`, never both. Ids and secrets of ours
    /// hold no character that form encoding would change, so what is in the header counts as is.
    pub(super) fn of(headers: &HeaderMap, form: &TokenRequest) -> Result<Self, Refusal> {
        let mut given = headers.get_all(header::AUTHORIZATION);
        let basic = match (given.next(), given.next()) {
            (None, _) => None,
            (Some(value), None) => Some(basic(value.as_bytes()).ok_or(Refusal::InvalidClient)?),
            (Some(_), Some(_)) => return Err(Refusal::InvalidRequest("One Authorization header at most.")),
        };
        let (id, secret) = match (basic, &form.client_id, &form.client_secret) {
            (Some(_), _, Some(_)) => {
                return Err(Refusal::InvalidRequest("Send the secret in the header or in the body, not in both."));
            }
            (Some((id, _)), Some(other), None) if id != *other => {
                return Err(Refusal::InvalidRequest("The client_id in the body is not the one in the header."));
            }
            (Some(both), _, None) => both,
            (None, Some(id), Some(secret)) => (id.clone(), secret.clone()),
            (None, _, _) => return Err(Refusal::InvalidClient),
        };
        // What is not an id is looked up all the same, so that it takes as long.
        let client = ClientId(Uuid::parse_str(&id).unwrap_or(Uuid::nil()));
        Ok(Self { client, secret })
    }
}

fn basic(header: &[u8]) -> Option<(String, String)> {
    let (scheme, encoded) = std::str::from_utf8(header).ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use uuid::Uuid;

    use super::{Credentials, Refusal, TokenRequest};

    const ID: &str = "01936f5e-7a10-7c44-9d6b-2f1c5e8a0b11";

    fn read(headers: &[&str], id: Option<&str>, secret: Option<&str>) -> Result<Credentials, Refusal> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(AUTHORIZATION, HeaderValue::from_str(header).unwrap());
        }
        let form = TokenRequest {
            grant_type: None,
            scope: None,
            client_id: id.map(str::to_owned),
            client_secret: secret.map(str::to_owned),
        };
        Credentials::of(&map, &form)
    }

    fn basic(credentials: &str) -> String {
        format!("Basic {}", STANDARD.encode(credentials))
    }

    #[test]
    fn the_secret_comes_in_the_header_or_in_the_body() {
        let header = basic(&format!("{ID}:s3cret:with colon"));
        for found in [
            read(&[&header], None, None),
            read(&[&header], Some(ID), None),
            read(&[&header.replace("Basic", "bASIC")], None, None),
            read(&[], Some(ID), Some("s3cret:with colon")),
        ] {
            let Ok(found) = found else { panic!("refused") };
            assert_eq!(found.client.to_string(), ID);
            assert_eq!(found.secret, "s3cret:with colon");
        }
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        let header = basic(&format!("{ID}:x"));
        for refused in [
            read(&[&header], None, Some("x")),
            read(&[&header], Some("another"), None),
            read(&[&header, &header], None, None),
        ] {
            assert!(matches!(refused, Err(Refusal::InvalidRequest(_))));
        }
    }

    #[test]
    fn what_holds_no_credentials_is_an_unknown_client() {
        for header in ["Basic", "Basic ", "Basic ???", "Basic eA==", "Bearer x", "Basic \u{7f}"] {
            let Ok(value) = HeaderValue::from_bytes(header.as_bytes()) else { continue };
            let mut map = HeaderMap::new();
            map.insert(AUTHORIZATION, value);
            let form = TokenRequest { grant_type: None, scope: None, client_id: None, client_secret: None };
            assert!(matches!(Credentials::of(&map, &form), Err(Refusal::InvalidClient)), "{header:?}");
        }
        assert!(matches!(read(&[], None, None), Err(Refusal::InvalidClient)));
        assert!(matches!(read(&[], Some(ID), None), Err(Refusal::InvalidClient)));
        assert!(matches!(read(&[], None, Some("x")), Err(Refusal::InvalidClient)));
    }

    #[test]
    fn an_id_that_is_none_is_nobodys() {
        let Ok(found) = read(&[], Some("admin"), Some("x")) else { panic!("refused") };
        assert_eq!(Uuid::from(found.client), Uuid::nil());
    }
}
