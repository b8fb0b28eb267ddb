//! What slices register their operations with. It fills either the app of a worker, or the
//! contract; serving therefore costs nothing of what describing does, and neither can know an
//! operation that the other does not.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::OpenApi as _;
use utoipa::openapi::path::{PathItem, PathsBuilder};
use utoipa::openapi::{Components, OpenApi, RefOr, Schema};
use utoipa_actix_web::OpenApiFactory;

/// The routes of a slice, a wing, or all.
pub struct Routes<'a>(Purpose<'a>);

enum Purpose<'a> {
    Serve(&'a mut web::ServiceConfig),
    Describe(&'a mut Described),
}

#[derive(Default)]
struct Described {
    paths: Vec<(String, PathItem)>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl<'a> Routes<'a> {
    /// Routes that are served by an app.
    pub const fn served_by(config: &'a mut web::ServiceConfig) -> Self {
        Self(Purpose::Serve(config))
    }

    /// What is registered, as utoipa describes it.
    pub fn described(register: impl FnOnce(&mut Routes<'_>)) -> OpenApi {
        #[derive(utoipa::OpenApi)]
        struct Blank;

        let mut described = Described::default();
        register(&mut Routes(Purpose::Describe(&mut described)));
        let mut openapi = Blank::openapi();
        // Several methods of one path become one entry.
        openapi.paths =
            described.paths.into_iter().fold(PathsBuilder::new(), |all, (path, item)| all.path(path, item)).build();
        openapi.components.get_or_insert_with(Components::new).schemas.extend(described.schemas);
        openapi
    }

    /// Registers an operation.
    pub fn service<F: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, operation: F) -> &mut Self {
        match &mut self.0 {
            Purpose::Serve(config) => {
                config.service(operation);
            }
            Purpose::Describe(described) => {
                described.paths.extend(operation.paths().paths);
                operation.schemas(&mut described.schemas);
            }
        }
        self
    }

    /// Registers what a slice or a wing registers.
    pub fn configure(&mut self, register: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        register(self);
        self
    }

    /// Registers operations below a path.
    pub fn scope(&mut self, path: &str, register: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        match &mut self.0 {
            Purpose::Serve(config) => {
                config.service(web::scope(path).configure(|config| register(&mut Routes::served_by(config))));
            }
            Purpose::Describe(described) => {
                let mut below = Described::default();
                register(&mut Routes(Purpose::Describe(&mut below)));
                described.schemas.extend(below.schemas);
                described.paths.extend(below.paths.into_iter().map(|(rest, item)| (format!("{path}{rest}"), item)));
            }
        }
        self
    }
}

impl std::fmt::Debug for Routes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes").finish_non_exhaustive()
    }
}
