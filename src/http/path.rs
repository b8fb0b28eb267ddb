//! Path parameters: a malformed one is a fault that names it.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::contract::{Contract, Operation};
use super::faults::{self, Faults, child, words};
use crate::error::{Error, Place, Result};

/// The parameters of the path: one value, a tuple in the order of the path, or a struct.
///
/// Operations name them in `params(…)` of their contract.
#[derive(Debug, Clone)]
pub struct Path<T>(T);

impl<T> Path<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.match_info().load().map(Self).map_err(|_refused| explain(request)))
    }
}

/// What is wrong with the parameters of the path by their schemas.
pub(super) fn judge(request: &HttpRequest, contract: &Contract, operation: &Operation, found: &mut Faults) {
    for parameter in operation.parameters_in(Place::Path) {
        let value = Value::from(request.match_info().query(&parameter.name));
        faults::of_parameter(contract, &parameter.schema, &value, &child("", &parameter.name), found);
    }
}

fn explain(request: &HttpRequest) -> Error {
    let mut found = Faults::new(Place::Path);
    let contract = request.app_data::<web::Data<Contract>>();
    let operation = contract.and_then(|contract| contract.operation(request.method(), request.path()));
    if let (Some(contract), Some(operation)) = (contract, operation) {
        judge(request, contract, operation, &mut found);
    }
    if found.is_empty() {
        let are_all_ids = request.match_info().iter().all(|(_, value)| Uuid::parse_str(value).is_ok());
        for (name, value) in request.match_info().iter() {
            if are_all_ids || Uuid::parse_str(value).is_err() {
                found.add(&child("", name), words::of_format("uuid"));
            }
        }
    }
    Error::Invalid(found.into_vec())
}
