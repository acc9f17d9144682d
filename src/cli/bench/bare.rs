//! The limit: a handler that does nothing but look up finished bytes, under the routes of delivery.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use clap::Args;

use super::client::Client;
use crate::cli::failure::{Failure, Outcome};

/// What the bare handler is started with.
#[derive(Args, Debug)]
pub struct Bare {
    /// Where to listen.
    #[arg(long)]
    bind: SocketAddr,
    /// The server whose answers it gives.
    #[arg(long)]
    from: SocketAddr,
    /// The paths that it knows, one a line.
    #[arg(long)]
    paths: PathBuf,
}

type Answers = HashMap<String, Bytes>;

/// Answers until it is killed.
///
/// # Errors
/// When the other server does not give every path.
pub async fn bare(what: &Bare) -> Outcome {
    let paths = std::fs::read_to_string(&what.paths).map_err(|error| Failure::new(error.to_string()))?;
    let mut client = Client::connect(what.from, None)?;
    let mut answers = Answers::new();
    for path in paths.lines() {
        answers.insert(path.to_owned(), client.get(path)?.body.into());
    }
    drop(client);
    let answers = Data::new(answers);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(answers.clone())
            .service(web::resource("/v1/articles").get(answer))
            .service(web::resource("/v1/articles/{id_or_slug}").get(answer))
            .service(web::resource("/v1/pages/article/{slug}").get(answer))
            .service(web::resource("/readyz").get(HttpResponse::Ok))
    });
    let bound = server.bind(what.bind).map_err(|error| Failure::new(error.to_string()))?;
    bound.run().await.map_err(|error| Failure::new(error.to_string()))
}

async fn answer(request: HttpRequest, answers: Data<Answers>) -> HttpResponse {
    let path = request.uri().path_and_query().map_or("", |path| path.as_str());
    match answers.get(path) {
        Some(body) => HttpResponse::Ok().content_type(ContentType::json()).body(body.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}
