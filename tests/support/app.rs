//! The real application on port 0, with its own database and a clock that stands still until a test moves it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use dateline::app::Application;
use dateline::base::clock::{Clock, Timestamp};
use dateline::base::config::Settings;
use dateline::base::id::new_id;
use dateline::http::app::Shared;
use dateline::jobs::{Keep, sweep};
use dateline::rules::permission::Role;
use tokio_postgres::Client;

use super::chaos::Chaos;
use super::client::{Actor, Identity};
use super::database::TestDatabase;

const MORNING: &str = "2026-01-05T08:00:00Z";

/// A running application. It stops, and its database goes, when this and all its actors are dropped.
#[derive(Clone)]
pub struct TestApp(Arc<Running>);

pub(super) struct Running {
    address: SocketAddr,
    clock: Clock,
    shared: Data<Shared>,
    handle: ServerHandle,
    pub(super) http: reqwest::Client,
    database: Arc<TestDatabase>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The order is sent at once; only its confirmation would have to be awaited.
        drop(self.handle.stop(false));
    }
}

impl TestApp {
    /// An application on the morning of 2026-01-05.
    pub async fn start() -> Self {
        Self::at(MORNING).await
    }

    /// An application at this time.
    pub async fn at(time: &str) -> Self {
        Self::with(time, |_| ()).await
    }

    /// An application at this time with some settings changed.
    pub async fn with(time: &str, change: impl FnOnce(&mut Settings)) -> Self {
        Self::on(Arc::new(TestDatabase::migrated().await), time, change).await
    }

    /// An application on this database, with some settings changed.
    pub async fn on_database(database: TestDatabase, change: impl FnOnce(&mut Settings)) -> Self {
        Self::on(Arc::new(database), MORNING, change).await
    }

    /// Another server on the same database, with a clock of its own that shows the same time.
    pub async fn beside(&self) -> Self {
        self.beside_with(|_| ()).await
    }

    /// The same with some settings changed.
    pub async fn beside_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let time = Timestamp(self.now()).to_string();
        Self::on(self.0.database.clone(), &time, change).await
    }

    /// An application with a proxy before its database.
    pub async fn behind_chaos(change: impl FnOnce(&mut Settings)) -> (Self, Chaos) {
        let mut chaos = None;
        let app = Self::with(MORNING, |settings| {
            let proxy = Chaos::before(&settings.database_url);
            proxy.url().clone_into(&mut settings.database_url);
            chaos = Some(proxy);
            change(settings);
        });
        (app.await, chaos.expect("a proxy"))
    }

    /// Another application on a copy of this one's database. This one can do nothing more.
    pub async fn twin(&self, time: &str) -> Self {
        Self::on(Arc::new(self.0.database.copied().await), time, |_| ()).await
    }

    async fn on(database: Arc<TestDatabase>, time: &str, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::fixed(instant(time));
        let mut settings = Settings::for_tests(&database.url);
        change(&mut settings);
        let (tell, told) = channel();
        let its_clock = clock.clone();
        thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let app = Application::build(settings, its_clock).expect("an application");
                tell.send((app.address(), app.shared(), app.handle())).expect("a test that waits");
                app.run().await.expect("an application that runs");
            });
        });
        let (address, shared, handle) = told.recv().expect("an application that starts");
        // Not for ever: some tests have a database that does not answer.
        for _ in 0..500 {
            if !shared.cache.hears() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("an HTTP client");
        Self(Arc::new(Running { address, clock, shared, handle, http, database }))
    }

    /// Moves the clock.
    pub fn set_clock(&self, time: &str) {
        self.0.clock.set(instant(time));
    }

    /// Moves the clock, and does what every instance does now and then.
    pub async fn sweeps(&self, time: &str) {
        self.set_clock(time);
        let app = self.shared();
        sweep(&app.database, Keep { trash_days: app.settings.trash_days }, self.now()).await;
    }

    /// The time of the application.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// What all workers share.
    pub fn shared(&self) -> &Shared {
        &self.0.shared
    }

    /// The same, as the application's parts take it.
    pub fn shared_data(&self) -> Data<Shared> {
        self.0.shared.clone()
    }

    /// A connection to its database, for assertions.
    pub async fn database(&self) -> Client {
        self.0.database.client().await
    }

    /// Where its database is.
    pub fn database_url(&self) -> &str {
        &self.0.database.url
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// The absolute URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address)
    }

    /// How many SQL statements it takes to GET this, anonymously or in the newsroom as an admin.
    pub async fn statements_of(&self, path: &str) -> u32 {
        let actor = if path.starts_with("/v1/newsroom") { self.admin().await } else { self.reader() };
        actor.get(path).send().await.expect(200).statements()
    }

    /// Anybody, without credentials.
    pub fn reader(&self) -> Actor {
        Actor::new(self.clone(), None)
    }

    /// A new user who writes own drafts.
    pub async fn contributor(&self) -> Actor {
        self.signed_in(Role::Contributor).await
    }

    /// A new user who also submits own drafts.
    pub async fn author(&self) -> Actor {
        self.signed_in(Role::Author).await
    }

    /// A new user who works on every article and publishes.
    pub async fn editor(&self) -> Actor {
        self.signed_in(Role::Editor).await
    }

    /// A new user who may everything.
    pub async fn admin(&self) -> Actor {
        self.signed_in(Role::Admin).await
    }

    /// A new user of this role, with a session.
    pub async fn signed_in(&self, role: Role) -> Actor {
        let (user_id, session_id) = (new_id(), new_id());
        let now = Timestamp(self.now()).to_string();
        let (user, session) = (user_id.to_string(), session_id.to_string());
        let email = format!("{role}-{user_id}@example.org");
        let name = format!("{role} of the tests");
        let database = self.database().await;
        let add_user = "INSERT INTO users (id, email, name, name_key, role, created_at, updated_at) \
             VALUES ($1::text::uuid, $2, $3, lower($3), $4, $5::text::timestamptz, $5::text::timestamptz)";
        database.execute(add_user, &[&user, &email, &name, &role.as_str(), &now]).await.expect("a user");
        let add_session = "INSERT INTO sessions (id, user_id, epoch, created_at, expires_at) \
             VALUES ($1::text::uuid, $2::text::uuid, 0, $3::text::timestamptz, '9999-01-01T00:00:00Z')";
        database.execute(add_session, &[&session, &user, &now]).await.expect("a session");
        Actor::new(self.clone(), Some(Identity { user_id, session_id, email }))
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }
}

/// Reads a time as it is written in tests.
fn instant(text: &str) -> DateTime<Utc> {
    text.parse::<Timestamp>().unwrap_or_else(|error| panic!("{text} {error}")).0
}
