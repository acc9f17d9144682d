//! The composition root: settings become pools, clock, signer and caches, and those become a running server. `main` and
//! the tests build it in the same way.

use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::App;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::base::clock::Clock;
use crate::base::config::Settings;
use crate::base::error::{Error, Result};
use crate::base::secret::{Key, Keys};
use crate::http::app::Shared;
use crate::http::attempts::Attempts;
use crate::http::cache::Cache;
use crate::http::cached::Cached;
use crate::http::callers::Callers;
use crate::http::docs::{self, Document};
use crate::http::fallback::{Routes, fallback};
use crate::http::health::{Readiness, get_health, get_readiness};
use crate::http::listen::listen;
use crate::http::manners::manners;
use crate::http::passwords::Passwords;
use crate::http::rates::Rates;
use crate::http::schemas::Schemas;
use crate::http::turns::Turns;
use crate::rules::preview::PreviewSigner;
use crate::rules::token::Signer;
use crate::store::changes::{self, News};
use crate::store::directory::Directories;
use crate::store::documents::Documents;
use crate::store::{Database, Reader, Replicas};
use crate::{delivery, jobs, newsroom, preview};

/// A server that listens but does not answer yet.
pub struct Application {
    server: Server,
    address: SocketAddr,
    shared: Data<Shared>,
}

impl Application {
    /// Binds and composes. The database is not asked for anything yet.
    ///
    /// # Errors
    /// When the address is taken or a part cannot be made.
    pub fn build(settings: Settings, clock: Clock) -> Result<Self> {
        let listener = TcpListener::bind(settings.bind)
            .map_err(|error| Error::internal(format!("cannot listen on {}: {error}", settings.bind)))?;
        Self::on(listener, settings, clock)
    }

    /// Composes what will answer on the listener.
    ///
    /// # Errors
    /// When a part cannot be made.
    pub fn on(listener: TcpListener, settings: Settings, clock: Clock) -> Result<Self> {
        // Fails only if another thread was first, which is as good.
        let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
        let address = listener.local_addr().map_err(Error::internal)?;
        let document = Data::new(document());
        let routes = Data::new(Routes::of(&document.value));
        let shared = Data::new(share(settings, clock, &document)?);
        let for_workers = shared.clone();
        let directories = Directories::default();
        let worker = Arc::new(AtomicUsize::new(0));
        let server = listen(listener, shared.clone(), move || {
            let (url, replicas) = (for_workers.database.url(), for_workers.replicas.clone());
            let worker = worker.fetch_add(1, Ordering::Relaxed);
            let reader = Rc::new(Reader::new(url, replicas, worker, directories.clone()));
            let (app, _) = App::new().into_utoipa_app().configure(mount).split_for_parts();
            app.configure(docs::mount)
                .app_data(for_workers.clone())
                .app_data(Data::new(reader))
                .app_data(document.clone())
                .app_data(routes.clone())
                .default_service(web::to(fallback))
                .wrap(from_fn(manners))
                .wrap(Cached::new(for_workers.clone(), routes.clone()))
        })?;
        Ok(Self { server, address, shared })
    }

    /// Where it listens; the port is the real one, also when 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A handle that can stop it.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// The state that all workers share.
    pub fn shared(&self) -> Data<Shared> {
        self.shared.clone()
    }

    /// Answers requests until the handle stops it.
    ///
    /// # Errors
    /// When the server breaks down.
    pub async fn run(self) -> Result<()> {
        let url = self.shared.settings.database_url.clone();
        let keep = jobs::Keep { trash_days: self.shared.settings.trash_days };
        // All in this task: it may be one of several threads, or of one.
        tokio::select! {
            outcome = self.server => outcome.map_err(Error::internal),
            () = jobs::run(&self.shared.database, &self.shared.clock, keep) => Ok(()),
            () = changes::listen(&url, |news| follow(&self.shared, &news)) => Ok(()),
            () = self.shared.replicas.follow(&url) => Ok(()),
        }
    }
}

/// The published document, made from the operations themselves.
pub fn document() -> Document {
    let (_, collected) = App::new().into_utoipa_app().configure(mount).split_for_parts();
    Document::of(collected)
}

/// Every documented operation. The narrower scopes come first, because the first that fits takes the request.
fn mount(config: &mut ServiceConfig<'_>) {
    config
        .service(get_health)
        .service(get_readiness)
        .service(newsroom::auth::get_jwks)
        .service(utoipa_actix_web::scope("/v1/auth").configure(newsroom::auth::mount))
        .service(utoipa_actix_web::scope("/v1/newsroom").configure(newsroom::mount))
        .service(utoipa_actix_web::scope("/v1").configure(delivery::mount).configure(preview::mount));
}

/// What cache and replicas do with news of changes. Those of this instance were told to them when they were written, unless
/// one may have come true only after that.
fn follow(shared: &Shared, news: &News) {
    let Shared { cache, database, replicas, .. } = shared;
    match news {
        News::Connected => {
            replicas.changed();
            cache.hear();
        }
        News::Changed(notice) if notice.is_from(database.origin()) && !database.has_doubts() => {}
        News::Changed(notice) => {
            replicas.changed();
            cache.invalidate(notice.tags());
        }
        News::Lost => cache.deafen(shared.clock.now()),
    }
}

fn share(settings: Settings, clock: Clock, document: &Document) -> Result<Shared> {
    let secret = settings.jwt_secret.as_bytes();
    let cache = Arc::new(Cache::new(settings.cache_bytes));
    let replicas = Replicas::new(&settings.replica_urls, settings.replica_lag);
    let database = Database::new(&settings.database_url, settings.pool_size)?.telling({
        let (cache, replicas) = (Arc::clone(&cache), replicas.clone());
        move |tags| {
            // First, so that nobody who finds the answer gone reads it anew from before.
            replicas.changed();
            cache.invalidate(tags.iter().map(String::as_str));
        }
    });
    let site = (&settings.site_url, &settings.site_name, &settings.site_publisher, &settings.site_address);
    let site = format!("{site:?}");
    let documents = Documents::new(database.clone(), &site);
    Ok(Shared {
        clock,
        database,
        replicas,
        documents,
        cache,
        signer: Signer::new(settings.public_url.as_str(), &settings.jwt_secret, &settings.jwt_previous_secrets)
            .map_err(Error::internal)?,
        previews: PreviewSigner::new(&settings.jwt_secret, &settings.jwt_previous_secrets),
        cursor_key: Key::derive(secret, "dateline cursors"),
        reply_keys: Keys::derive(&settings.jwt_secret, &settings.jwt_previous_secrets, "dateline kept replies"),
        passwords: Passwords::default(),
        imports: Turns::of_imports(),
        attempts: Attempts::default(),
        rates: Rates::default(),
        callers: Arc::<Callers>::default(),
        schemas: Schemas::of(&document.value),
        readiness: Readiness::default(),
        settings,
    })
}
