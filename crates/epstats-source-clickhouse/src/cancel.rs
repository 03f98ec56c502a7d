//! A query that nobody waits for any more ends on the server.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use url::Url;

use crate::client::Client;

/// When to tell the server, counted from the time before: a query that went out just now may not be in its list yet.
const TRIES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_secs(2),
];

/// A query on a server. Dropped before it is over, it ends there, too.
pub(crate) struct Running {
    client: Arc<Client>,
    replica: Url,
    query_id: String,
    over: bool,
}

impl Running {
    pub(crate) fn new(client: Arc<Client>, replica: Url, query_id: String) -> Self {
        Running {
            client,
            replica,
            query_id,
            over: false,
        }
    }

    /// The server is done with the query, or never had it.
    pub(crate) fn over(mut self) {
        self.over = true;
    }
}

impl Drop for Running {
    /// Tells the server in a task of its own. Where the runtime ends at the same time, the closed connection alone tells it.
    fn drop(&mut self) {
        let (false, Ok(runtime)) = (self.over, Handle::try_current()) else {
            return;
        };
        let client = Arc::clone(&self.client);
        let replica = self.replica.clone();
        let query_id = std::mem::take(&mut self.query_id);
        let ending = client.ending.clone();
        runtime.spawn(ending.track_future(async move {
            for wait in TRIES {
                tokio::time::sleep(wait).await;
                match client.kill(&replica, &query_id).await {
                    Ok(true) => {
                        tracing::debug!(query_id, "query ended on the server");
                        return;
                    }
                    Ok(false) => {}
                    Err(error) => tracing::debug!(query_id, %error, "query not ended"),
                }
            }
        }));
    }
}
