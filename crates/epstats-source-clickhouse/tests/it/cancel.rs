//! A question that nobody waits for ends on the server, as its own list of queries shows.

use epstats_source::Source;
use tokio::runtime::Runtime;

use crate::proxy::{self, Fault};
use crate::question::{plan, slow, slow_source};
use crate::rig::settings;
use crate::server::Server;

#[tokio::test]
async fn a_dropped_fetch_ends_its_query() {
    let server = Server::shared();
    let database = slow(&server).await;
    let source = slow_source(settings(&server), &database);
    let fetch = tokio::spawn(async move { source.fetch(&plan()).await });
    server.is_at(&database).await;
    fetch.abort();
    server.is_done_with(&database).await;
}

#[tokio::test]
async fn a_dropped_fetch_ends_its_query_by_name_where_the_server_does_not_see_the_connection_end() {
    let server = Server::shared();
    let database = slow(&server).await;
    let mut settings = settings(&server);
    let behind = proxy::start(&server.url, Fault::Hold).await;
    settings.urls = vec![behind.as_str().into()];
    let source = slow_source(settings, &database);
    let fetch = tokio::spawn(async move { source.fetch(&plan()).await });
    server.is_at(&database).await;
    fetch.abort();
    server.is_done_with(&database).await;
}

#[test]
fn a_program_that_ends_ends_its_queries() {
    let server = Server::shared();
    let observer = Runtime::new().unwrap();
    let database = observer.block_on(slow(&server));
    let program = Runtime::new().unwrap();
    let source = slow_source(settings(&server), &database);
    program.spawn(async move { source.fetch(&plan()).await });
    observer.block_on(server.is_at(&database));
    program.shutdown_background();
    observer.block_on(server.is_done_with(&database));
}
