//! Path parameters: a malformed one is a fault that names it.

use actix_web::{HttpRequest, web};
use serde_json::Value;
use uuid::Uuid;

use super::contract::Contract;
use super::faults::{self, Faults, child, words};
use crate::error::{Error, Place};

/// Makes actix's `Path` refuse with our faults; goes into the application's data.
#[must_use]
pub fn config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_refused, request| explain(request).into())
}

fn explain(request: &HttpRequest) -> Error {
    let mut found = Faults::new(Place::Path);
    let contract = request.app_data::<web::Data<Contract>>();
    let operation = contract.and_then(|contract| contract.operation(request.method(), request.path()));
    if let (Some(contract), Some(operation)) = (contract, operation) {
        for parameter in operation.parameters_in(Place::Path) {
            let value = Value::from(request.match_info().query(&parameter.name));
            faults::of_parameter(contract, &parameter.schema, &value, &child("", &parameter.name), &mut found);
        }
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
