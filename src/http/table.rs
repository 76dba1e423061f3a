//! The API's routes, each with the means to describe itself.
//!
//! Descriptions take more memory than all the routes, and hardly anybody asks for them: none is made before.

use axum::Router;
use axum::routing::{MethodFilter, MethodRouter};
use utoipa::openapi::OpenApi;
use utoipa_axum::PathItemExt;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::Http;

/// One address and what is done there.
pub(super) struct Route {
    pub(super) path: String,
    pub(super) answers: MethodRouter<Http>,
    pub(super) describe: fn() -> UtoipaMethodRouter<Http>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Table(Vec<Route>);

impl Table {
    /// One more.
    pub(super) fn routes(mut self, route: Route) -> Self {
        self.0.push(route);
        self
    }

    /// What answers.
    pub(super) fn router(self) -> Router<Http> {
        self.0.into_iter().fold(Router::new(), |router, route| router.route(&route.path, route.answers))
    }

    /// What `about` says, and each route's own description.
    pub(super) fn describe(self, about: OpenApi) -> OpenApi {
        let begun = OpenApiRouter::with_openapi(about);
        self.0.into_iter().fold(begun, |router, route| router.routes((route.describe)())).into_openapi()
    }
}

/// By which methods a handler is called.
pub(super) fn methods<P: utoipa::Path>() -> MethodFilter {
    let mut methods = P::methods().into_iter().map(|method| method.to_method_filter());
    let first = methods.next().expect("each handler is declared with a method");
    methods.fold(first, MethodFilter::or)
}

/// A [`Route`] of the handlers of one address, each declared by `#[utoipa::path]`.
macro_rules! routes {
    ($($first:ident)::+ $(, $($more:ident)::+)*) => {
        $crate::http::table::Route {
            path: <$crate::http::table::declared!($($first)::+) as utoipa::Path>::path(),
            answers: axum::routing::MethodRouter::new()
                .on($crate::http::table::methods::<$crate::http::table::declared!($($first)::+)>(), $($first)::+)
                $(.on($crate::http::table::methods::<$crate::http::table::declared!($($more)::+)>(), $($more)::+))*,
            describe: || utoipa_axum::routes!($($first)::+ $(, $($more)::+)*),
        }
    };
}

/// The type that `#[utoipa::path]` makes beside a handler.
macro_rules! declared {
    ($module:ident::$handler:ident) => {
        utoipa_axum::paste! { $module::[<__path_ $handler>] }
    };
    ($outer:ident::$module:ident::$handler:ident) => {
        utoipa_axum::paste! { $outer::$module::[<__path_ $handler>] }
    };
}

pub(super) use {declared, routes};
