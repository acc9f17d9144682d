//! What stands in front of the application: an answer that is kept under its address as it was sent goes out from here,
//! and costs neither routing nor a box.

use std::task::{Context, Poll};

use actix_http::{Request, Response};
use actix_service::{Service, Transform};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::uri::PathAndQuery;
use actix_web::web::Data;
use futures_util::future::{Either, MapOk, Ready, TryFutureExt as _, ready};

use super::app::Shared;
use super::cached::{answer_from, may_be_kept};
use super::line::heard;
use super::pieces::Pieces;

/// The front of each worker's application.
pub(super) struct Fronted(pub Data<Shared>);

impl<S> Transform<S, Request> for Fronted
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    type Response = Response<Pieces>;
    type Error = actix_web::Error;
    type Transform = Front<S>;
    type InitError = ();
    type Future = Ready<Result<Front<S>, ()>>;

    fn new_transform(&self, next: S) -> Self::Future {
        ready(Ok(Front { shared: self.0.clone(), next }))
    }
}

/// [`Fronted`] in one worker.
pub(super) struct Front<S> {
    shared: Data<Shared>,
    next: S,
}

impl<S> Service<Request> for Front<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    type Response = Response<Pieces>;
    type Error = actix_web::Error;
    type Future = Either<
        Ready<Result<Self::Response, Self::Error>>,
        MapOk<S::Future, fn(ServiceResponse<BoxBody>) -> Self::Response>,
    >;

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.next.poll_ready(context)
    }

    fn call(&self, request: Request) -> Self::Future {
        heard(&request);
        let head = request.head();
        // An address that is kept is a canonical one, so what is found as it was sent needs no second look.
        if may_be_kept(head) {
            let sent = head.uri.path_and_query().map_or("", PathAndQuery::as_str);
            if let Some(entry) = self.shared.cache.get(sent, self.shared.clock.now()) {
                return Either::Left(ready(Ok(in_pieces(answer_from(&self.shared, head, &entry)))));
            }
        }
        let answered: fn(ServiceResponse<BoxBody>) -> Self::Response = |answer| in_pieces(answer.into());
        Either::Right(self.next.call(request).map_ok(answered))
    }
}

fn in_pieces(answer: HttpResponse) -> Response<Pieces> {
    Response::from(answer.map_body(|_, body| Pieces::of(body)))
}
