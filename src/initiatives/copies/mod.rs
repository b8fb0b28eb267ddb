//! .
pub fn routes(_: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {}
