//! What a handler holds of the running program: settings, clock, doors to the database, and the transaction of a write.

use std::ops::AsyncFnOnce;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};
use futures_util::future::{Ready, ready};
use serde::Serialize;

use super::attempts::Attempts;
use super::cache::Cache;
use super::callers::Callers;
use super::health::Readiness;
use super::idempotency;
use super::manners::{RequestInfo, carries_many};
use super::passwords::Passwords;
use super::rates::Rates;
use super::reply::{Reply, Tagged};
use super::schemas::Schemas;
use super::turns::Turns;
use crate::base::clock::Clock;
use crate::base::config::Settings;
use crate::base::error::{Error, Result};
use crate::base::secret::{Key, Keys};
use crate::rules::preview::PreviewSigner;
use crate::rules::token::Signer;
use crate::store::documents::Documents;
use crate::store::{Database, Reader, Replicas, Statements, Tx};

/// Shared by all workers.
pub struct Shared {
    /// The validated settings.
    pub settings: Settings,
    /// The clock that everything reads.
    pub clock: Clock,
    /// The pool of writing connections.
    pub database: Database,
    /// What is known of its read replicas.
    pub replicas: Replicas,
    /// Signs and verifies access tokens.
    pub signer: Signer,
    /// Signs and verifies links to drafts.
    pub previews: PreviewSigner,
    /// Authenticates cursors.
    pub cursor_key: Key,
    /// Seal the answers kept for repeated idempotency keys.
    pub reply_keys: Keys,
    /// Hashes and verifies passwords, few at a time.
    pub passwords: Passwords,
    /// Lets imports in, few at a time.
    pub imports: Turns,
    /// Counts failed sign-ins.
    pub attempts: Attempts,
    /// Counts requests.
    pub rates: Rates,
    /// Counts connections.
    pub callers: Arc<Callers>,
    /// The schemas of the published document, compiled.
    pub schemas: Schemas,
    /// Finished answers in the database.
    pub documents: Documents,
    /// Finished answers in memory.
    pub cache: Arc<Cache>,
    /// Whether requests should be sent here.
    pub readiness: Readiness,
}

const TRANSACT_WITHIN: Duration = Duration::from_secs(5);
const TRANSACT_MANY_WITHIN: Duration = Duration::from_secs(55);

/// A handler's hold on the program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
    reader: Data<Rc<Reader>>,
    request: HttpRequest,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl FromRequest for App {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl App {
    /// The program that serves this request.
    ///
    /// # Errors
    /// 500 when it was composed without its parts.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        let shared = request.app_data::<Data<Shared>>().ok_or_else(|| Error::internal("no shared state"))?;
        let reader = request.app_data::<Data<Rc<Reader>>>().ok_or_else(|| Error::internal("no reader"))?;
        Ok(Self { shared: Arc::clone(&shared.clone().into_inner()), reader: reader.clone(), request: request.clone() })
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.clock.now()
    }

    /// What all workers share, to be taken along to another thread.
    pub fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// The door of delivery.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The request that is being answered.
    pub fn request(&self) -> &HttpRequest {
        &self.request
    }

    /// Reads in one transaction, for the newsroom, which must see its own writes.
    ///
    /// # Errors
    /// What `act` answers, or 503.
    pub async fn read<T>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        in_time(self.request.path(), self.shared.database.read(act)).await
    }

    /// Writes in one transaction. It runs to its end even if the client goes away, and with an `Idempotency-Key` the
    /// answer is kept in the same transaction and replayed to a repeated request.
    ///
    /// # Errors
    /// What `act` answers, 409 or 422 for a key in flight or reused, or 503.
    pub async fn write<T, F>(&self, act: F) -> Reply<T>
    where
        T: Serialize + 'static,
        F: AsyncFnOnce(&mut Tx) -> Result<Tagged<T>> + 'static,
    {
        let call = idempotency::Call::of(&self.request, &self.reply_keys)?;
        let shared = Arc::clone(&self.shared);
        let now = self.now();
        self.commit(async move |tx| match call {
            None => act(tx).await,
            Some(call) => idempotency::once(tx, &call, &shared.reply_keys, now, act).await,
        })
        .await
    }

    /// Writes in one transaction that runs to its end even if the client goes away, whatever it answers.
    ///
    /// # Errors
    /// What `act` answers, or 503.
    pub async fn commit<T: 'static>(&self, act: impl AsyncFnOnce(&mut Tx) -> Result<T> + 'static) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let path = self.request.path().to_owned();
        let work = async move { in_time(&path, shared.database.write(act)).await };
        let work = RequestInfo::current().scope(Statements::current().counting(work));
        actix_web::rt::spawn(work).await.map_err(Error::internal)?
    }

    /// Leaves something in the request for what comes later: the hash of the body, the caller.
    pub(super) fn leave<T: 'static>(request: &HttpRequest, value: T) {
        request.extensions_mut().insert(value);
    }
}

/// The outcome of a transaction, unless it takes too long. What it was asked to make durable may be so.
async fn in_time<T>(path: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let patience = if carries_many(path) { TRANSACT_MANY_WITHIN } else { TRANSACT_WITHIN };
    tokio::time::timeout(patience, work).await.map_err(Error::too_slow)?
}
