//! News of what was changed, by this instance or another: PostgreSQL's notices, and the truth about whether they arrive.

use std::time::Duration;

use futures_util::future::poll_fn;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Client, NoTls};
use uuid::Uuid;

const CONNECT_WITHIN: Duration = Duration::from_secs(2);
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// A connection that is silent for so long is asked whether it still lives.
const ASK_AFTER: Duration = Duration::from_secs(2);
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// What a listener hears.
#[derive(Debug)]
pub enum News {
    /// From now on every change is heard; what happened before may have been missed.
    Connected,
    /// What changed.
    Changed(Notice),
    /// From now on changes may be missed.
    Lost,
}

/// A change as it is noticed: the instance that made it, and tags, all separated by spaces.
#[derive(Debug)]
pub struct Notice(String);

impl Notice {
    /// Whether this instance made it.
    pub fn is_from(&self, origin: Uuid) -> bool {
        self.0.split(' ').next().is_some_and(|first| first.parse() == Ok(origin))
    }

    /// Tags of what changed.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').skip(1)
    }
}

/// Listens for ever; a lost connection is made again.
pub async fn listen(url: &str, heard: impl Fn(News)) {
    loop {
        if let Err(error) = listen_once(url, &heard).await {
            tracing::warn!(%error, "changes cannot be heard");
        }
        heard(News::Lost);
        tokio::time::sleep(TRY_AGAIN_AFTER).await;
    }
}

async fn listen_once(url: &str, heard: &impl Fn(News)) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (client, mut connection) = timeout(CONNECT_WITHIN, tokio_postgres::connect(url, NoTls)).await??;
    let (post, mut post_box) = mpsc::unbounded_channel();
    let pump = async move {
        while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notification(notice) = message?
                && post.send(notice.payload().to_owned()).is_err()
            {
                break;
            }
        }
        Ok::<(), tokio_postgres::Error>(())
    };
    let hear = async {
        timeout(ANSWER_WITHIN, client.batch_execute("LISTEN dateline_changes")).await??;
        heard(News::Connected);
        loop {
            match timeout(ASK_AFTER, post_box.recv()).await {
                Ok(Some(tags)) => heard(News::Changed(Notice(tags))),
                Ok(None) => return Ok::<(), Box<dyn std::error::Error + Send + Sync>>(()),
                Err(_silent) => ask(&client).await?,
            }
        }
    };
    tokio::select! {
        ended = pump => ended.map_err(Into::into),
        ended = hear => ended,
    }
}

async fn ask(client: &Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(timeout(ANSWER_WITHIN, client.batch_execute("")).await??)
}
