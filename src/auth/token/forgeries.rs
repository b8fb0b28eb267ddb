//! Tokens that are none, each refused with the same error.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Tokens;
use super::tests::subject;
use crate::auth::TOKEN_LIFETIME;
use crate::auth::keys::trial::{TrialKey, now};
use crate::auth::keys::{KeyRing, MasterKey};
use crate::error::Error;

pub(super) const ISSUER: &str = "https://stagepunt.example";

/// A service with two keys and a fixed moment.
pub(super) struct Bench {
    pub(super) tokens: Tokens,
    pub(super) ring: Arc<KeyRing>,
    pub(super) key: TrialKey,
    pub(super) next: TrialKey,
    pub(super) now: DateTime<Utc>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let (ring, key, next) = KeyRing::on_trial();
        let ring = Arc::new(ring);
        Self { tokens: Tokens::new(ISSUER, Arc::clone(&ring)), ring, key, next, now: now() }
    }

    fn header(&self) -> Value {
        json!({"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid})
    }

    fn claims(&self) -> Value {
        let now = self.now.timestamp();
        let client = Uuid::now_v7();
        json!({
            "iss": ISSUER, "sub": client, "aud": format!("{ISSUER}/v1"), "exp": now + TOKEN_LIFETIME, "nbf": now,
            "iat": now, "jti": Uuid::new_v4(), "client_id": client, "scope": "me:read", "role": "school",
            "org": Uuid::now_v7(),
        })
    }

    /// Signed by our own key, whatever it says.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        let message = message(header.to_string().as_bytes(), claims.to_string().as_bytes());
        let signature = ecdsa(&self.key.pkcs8, &message);
        format!("{message}.{signature}")
    }

    fn with_header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header = self.header();
        change(&mut header);
        self.signed(&header, &self.claims())
    }

    pub(super) fn with_claims(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = self.claims();
        change(&mut claims);
        self.signed(&self.header(), &claims)
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        match self.tokens.verify_at(token, self.now) {
            Ok(_) => true,
            Err(Error::Unauthenticated) => false,
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn message(header: &[u8], claims: &[u8]) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn ecdsa(pkcs8: &[u8], message: &str) -> String {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).unwrap();
    URL_SAFE_NO_PAD.encode(pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap())
}

fn without(value: &mut Value, member: &str) {
    value.as_object_mut().unwrap().remove(member).unwrap();
}

/// Header members that would let a token choose how it is checked.
fn header_forgeries(bench: &Bench) -> Vec<(String, String)> {
    let stranger = TrialKey::sealed_under(&MasterKey::from([7; 32]), bench.now);
    let mut table = Vec::new();
    for (member, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("jku", json!("https://evil.example/jwks.json")),
        ("jwk", json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"})),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AA")),
        ("x5t#S256", json!("AA")),
        ("cty", json!("JWT")),
        ("enc", json!("A256GCM")),
        ("zip", json!("DEF")),
        ("nonce", json!("1")),
        ("url", json!("https://evil.example")),
        ("epk", json!({})),
        ("p2c", json!(2_000_000_000)),
        ("Alg", json!("none")),
    ] {
        table.push((format!("header {member}={value}"), bench.with_header(|h| h[member] = value)));
    }
    for kid in [
        json!(""),
        json!("unknown"),
        json!(stranger.kid),
        json!("../../etc/passwd"),
        json!("' OR 1=1 --"),
        json!("\u{0}"),
        json!("k".repeat(10_000)),
        json!(1),
        json!(null),
        json!([bench.key.kid]),
        json!(format!("{} ", bench.key.kid)),
        json!(bench.next.kid),
    ] {
        table.push((format!("kid {kid:.40}"), bench.with_header(|h| h["kid"] = kid)));
    }
    for typ in ["JWT", "jwt", "AT+JWT", "at+jwt ", "application/at+jwt", "id_token+jwt", "dpop+jwt", ""] {
        table.push((format!("typ {typ}"), bench.with_header(|h| h["typ"] = json!(typ))));
    }
    table.push(("typ null".into(), bench.with_header(|h| h["typ"] = Value::Null)));
    for member in ["kid", "typ", "alg"] {
        table.push((format!("no {member}"), bench.with_header(|h| without(h, member))));
    }
    let twice = format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{0}","alg":"ES256"}}"#, bench.key.kid);
    let message = message(twice.as_bytes(), bench.claims().to_string().as_bytes());
    table.push(("alg twice".into(), format!("{message}.{}", ecdsa(&bench.key.pkcs8, &message))));
    table
}

/// Other algorithms than the key's own, among them HMAC with the public key as its secret.
fn algorithm_forgeries(bench: &Bench) -> Vec<(String, String)> {
    let mut table = Vec::new();
    for alg in [
        "none", "None", "NONE", "nOnE", "", "es256", "ES256 ", "ES384", "ES512", "ES256K", "EdDSA", "RS256", "PS256",
        "HS256", "HS512", "ECDH-ES",
    ] {
        table.push((format!("alg {alg}"), bench.with_header(|h| h["alg"] = json!(alg))));
    }
    for alg in ["none", "None", "NONE", "nOnE"] {
        let mut header = bench.header();
        header["alg"] = json!(alg);
        let message = message(header.to_string().as_bytes(), bench.claims().to_string().as_bytes());
        table.push((format!("alg {alg}, no signature"), format!("{message}.")));
    }
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &bench.key.pkcs8).unwrap();
    let point = pair.public_key().as_ref().to_vec();
    let der = [&spki_head()[..], &point].concat();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&der));
    let public = bench.tokens.public_keys().unwrap().remove(0);
    for (form, secret) in [
        ("PEM", pem.trim_end().as_bytes().to_vec()),
        ("PEM with its newline", pem.as_bytes().to_vec()),
        ("DER", der),
        ("point", point.clone()),
        ("coordinates", point[1..].to_vec()),
        ("x", point[1..33].to_vec()),
        ("x in base64url", public.x.as_bytes().to_vec()),
        ("JWK", serde_json::to_vec(&public).unwrap()),
        ("nothing", Vec::new()),
    ] {
        for alg in ["HS256", "ES256"] {
            let mut header = bench.header();
            header["alg"] = json!(alg);
            let message = message(header.to_string().as_bytes(), bench.claims().to_string().as_bytes());
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
            table.push((format!("{alg}, HMAC with the {form}"), format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))));
        }
    }
    table
}

/// The head of a SubjectPublicKeyInfo of a P-256 point.
fn spki_head() -> Vec<u8> {
    STANDARD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA=").unwrap()
}

/// Signed by our own key, yet saying what none of ours says.
fn claim_forgeries(bench: &Bench) -> Vec<(String, String)> {
    let now = bench.now.timestamp();
    let audience = format!("{ISSUER}/v1");
    let mut table = Vec::new();
    for member in ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "scope", "role", "org"] {
        table.push((format!("no {member}"), bench.with_claims(|c| without(c, member))));
        table.push((format!("{member} null"), bench.with_claims(|c| c[member] = Value::Null)));
    }
    for (member, value) in [
        ("iss", json!(format!("{ISSUER}/"))),
        ("iss", json!("HTTPS://stagepunt.example")),
        ("iss", json!("https://Stagepunt.example")),
        ("iss", json!("https://evil.example")),
        ("iss", json!([ISSUER])),
        ("iss", json!("")),
        ("aud", json!(ISSUER)),
        ("aud", json!(format!("{audience}/"))),
        ("aud", json!(["https://evil.example"])),
        ("aud", json!([audience, "https://evil.example"])),
        ("aud", json!(1)),
        ("aud", json!("")),
        ("sub", json!("")),
        ("sub", json!(1)),
        ("sub", json!(["x"])),
        ("exp", json!((now + 60).to_string())),
        ("exp", decimal(now + 60, "5")),
        ("exp", decimal(now + 60, "0")),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(9_223_372_036_854_775_808_u64)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(true)),
        ("exp", json!(now - 6)),
        ("exp", json!(now + TOKEN_LIFETIME + 6)),
        ("nbf", json!(now + 6)),
        ("nbf", json!(now.to_string())),
        ("nbf", decimal(now, "0")),
        ("nbf", json!(-1)),
        ("nbf", json!(i64::MAX)),
        ("iat", json!(now + 6)),
        ("iat", json!(now.to_string())),
        ("iat", json!(-1)),
        ("role", json!("admin")),
        ("role", json!("Platform")),
        ("role", json!(["school"])),
        ("client_id", json!("1")),
        ("org", json!("1")),
        ("jti", json!("1")),
        ("scope", json!(["me:read"])),
        ("region", json!("everywhere")),
        ("person", json!(1)),
    ] {
        table.push((format!("{member}={value}"), bench.with_claims(|c| c[member] = value)));
    }
    table
}

/// A number that is written with decimals.
fn decimal(whole: i64, decimals: &str) -> Value {
    serde_json::from_str(&format!("{whole}.{decimals}")).unwrap()
}

/// Good content in a bad shape.
fn shape_forgeries(bench: &Bench) -> Vec<(String, String)> {
    let good = bench.signed(&bench.header(), &bench.claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let stranger = TrialKey::sealed_under(&MasterKey::from([7; 32]), bench.now);
    let raised = URL_SAFE_NO_PAD.encode({
        let mut claims = bench.claims();
        claims["role"] = json!("platform");
        claims.to_string()
    });
    let mut table: Vec<(String, String)> = [
        ("empty", String::new()),
        ("one part", header.to_owned()),
        ("two parts", message.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("empty signature", format!("{message}.")),
        ("only dots", "..".to_owned()),
        ("Bearer twice", format!("Bearer {good}")),
        ("leading blank", format!(" {good}")),
        ("trailing blank", format!("{good} ")),
        ("padded signature", format!("{good}==")),
        ("r=s=0", format!("{message}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("r=s=ff", format!("{message}.{}", URL_SAFE_NO_PAD.encode([0xff; 64]))),
        ("r=s=1", format!("{message}.{}", URL_SAFE_NO_PAD.encode([[0; 31].as_slice(), &[1]].concat().repeat(2)))),
        ("63 bytes", format!("{message}.{}", URL_SAFE_NO_PAD.encode([1; 63]))),
        ("65 bytes", format!("{message}.{}", URL_SAFE_NO_PAD.encode([1; 65]))),
        ("DER signature", format!("{message}.{}", URL_SAFE_NO_PAD.encode([0x30, 6, 2, 1, 1, 2, 1, 1]))),
        ("a stranger's signature", format!("{message}.{}", ecdsa(&stranger.pkcs8, message))),
        ("another published key's signature", format!("{message}.{}", ecdsa(&bench.next.pkcs8, message))),
        ("other claims", format!("{header}.{raised}.{signature}")),
        ("not base64", format!("{header}.{claims}.???")),
        ("header not JSON", format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode("ES256"))),
        ("header a list", format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode("[]"))),
        ("too long", format!("{good}{}", "A".repeat(10_000))),
    ]
    .map(|(name, token)| (name.to_owned(), token))
    .into();
    for length in [1, good.len() / 3, good.len() / 2, good.len() - 2, good.len() - 1] {
        table.push((format!("cut at {length}"), good[..length].to_owned()));
    }
    table
}

#[test]
fn no_forgery_is_accepted_and_all_are_refused_alike() {
    let bench = Bench::new();
    let genuine = bench.signed(&bench.header(), &bench.claims());
    assert!(bench.accepts(&genuine), "the bench itself must be right");
    let table =
        [header_forgeries(&bench), algorithm_forgeries(&bench), claim_forgeries(&bench), shape_forgeries(&bench)]
            .concat();
    assert!(table.len() >= 150, "{}", table.len());
    let accepted: Vec<_> = table.iter().filter(|(_, token)| bench.accepts(token)).map(|(name, _)| name).collect();
    assert_eq!(accepted, Vec::<&String>::new());
    let remembered: Vec<_> = table.iter().filter(|(_, token)| bench.accepts(token)).collect();
    assert!(remembered.is_empty(), "nor at the second try");
    assert!(bench.accepts(&genuine));
}

#[test]
fn dates_have_one_clean_edge_on_each_side() {
    let bench = Bench::new();
    let now = bench.now.timestamp();
    for offset in -120..=120 {
        let expiring = bench.with_claims(|c| c["exp"] = json!(now + offset));
        assert_eq!(bench.accepts(&expiring), offset >= -5, "exp {offset:+}");
        let beginning = bench.with_claims(|c| c["nbf"] = json!(now + offset));
        assert_eq!(bench.accepts(&beginning), offset <= 5, "nbf {offset:+}");
        let issued = bench.with_claims(|c| c["iat"] = json!(now + offset));
        assert_eq!(bench.accepts(&issued), offset <= 5, "iat {offset:+}");
    }
}

#[test]
fn every_changed_byte_is_noticed() {
    let bench = Bench::new();
    let genuine = bench.tokens.mint(subject()).unwrap();
    for at in 0..genuine.len() {
        let mut changed = genuine.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(!bench.accepts(&String::from_utf8(changed).unwrap()), "byte {at}");
    }
}
