//! The service behind a socket.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::{Path, PathBuf};

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use epstats_api::ServerSettings;
use hyper_util::rt::TokioTimer;

use crate::app::app;
use crate::keys::ApiKeys;
use crate::service::Service;

/// A socket that takes connections, and how it encrypts them.
pub struct Listening {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
}

impl Listening {
    /// Where clients connect to, as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }
}

/// Why the service cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Whoever reaches the address could use the service.
    #[error("`{host}` can be reached from other machines, and there are no API keys")]
    Open {
        /// What it should listen on.
        host: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on `{host}:{port}`: {cause}")]
    Listen {
        /// What it should listen on.
        host: String,
        /// The port.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("the certificate `{certificate}` with the key `{key}` cannot be used: {cause}")]
    Tls {
        /// File of the certificate.
        certificate: PathBuf,
        /// File of the key.
        key: PathBuf,
        /// What is wrong.
        cause: io::Error,
    },
    /// The socket broke.
    #[error("the service ended: {0}")]
    Ended(#[from] io::Error),
}

impl ServeError {
    /// The stable word.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ServeError::Open { .. } => "no-api-keys",
            ServeError::Listen { .. } => "cannot-listen",
            ServeError::Tls { .. } => "invalid-certificate",
            ServeError::Ended(_) => "service-ended",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            ServeError::Open { .. } => Some(
                "make a key with `epstats api-key NAME`, or say that everyone may use the service with `--no-auth`",
            ),
            ServeError::Listen { .. } => Some("name a free port with `--port`"),
            ServeError::Tls { .. } => {
                Some("both files must be PEM, the certificate with its chain")
            }
            ServeError::Ended(_) => None,
        }
    }
}

/// Opens the socket. From here on clients can connect, and wait for [`serve`].
///
/// # Errors
///
/// [`ServeError`]: an address that other machines reach, without keys and without the operator saying so; an address that is taken; a
/// certificate that cannot be used.
pub async fn listen(settings: &ServerSettings, keys: &ApiKeys) -> Result<Listening, ServeError> {
    if !settings.is_loopback() && keys.is_empty() && !settings.no_auth {
        return Err(ServeError::Open {
            host: settings.host.clone(),
        });
    }
    let tls = match (&settings.tls_certificate, &settings.tls_key) {
        (Some(certificate), Some(key)) => Some(tls(certificate, key).await?),
        _ => None,
    };
    let bound = bind(&settings.host, settings.port);
    let (listener, address) = bound.map_err(|cause| ServeError::Listen {
        host: settings.host.clone(),
        port: settings.port,
        cause,
    })?;
    Ok(Listening {
        listener,
        address,
        tls,
    })
}

/// Serves until `stop`, and then as long as requests in flight take, within the time that the settings give them.
///
/// # Errors
///
/// [`ServeError::Ended`] when the socket breaks.
pub async fn serve(
    service: Service,
    listening: Listening,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let Listening { listener, tls, .. } = listening;
    let handle = Handle::new();
    tokio::spawn(stop_gracefully(service.clone(), handle.clone(), stop));
    let read_timeout = service.settings().read_timeout;
    let app = app(service).into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        None => {
            let mut server = axum_server::from_tcp(listener)?.handle(handle);
            server
                .http_builder()
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(read_timeout);
            server.serve(app).await?;
        }
        Some(tls) => {
            let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
            server
                .http_builder()
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(read_timeout);
            server.serve(app).await?;
        }
    }
    Ok(())
}

async fn stop_gracefully(
    service: Service,
    handle: Handle<SocketAddr>,
    stop: impl Future<Output = ()>,
) {
    stop.await;
    tracing::info!(connections = handle.connection_count(), "stopping");
    service.stop();
    handle.graceful_shutdown(Some(service.settings().shutdown_timeout));
}

async fn tls(certificate: &Path, key: &Path) -> Result<RustlsConfig, ServeError> {
    let config = RustlsConfig::from_pem_file(certificate, key).await;
    config.map_err(|cause| ServeError::Tls {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        cause,
    })
}

/// Binds the first address of the host that can be bound; those of the older protocol first, as clients of `localhost` expect.
fn bind(host: &str, port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
    addresses.sort_by_key(SocketAddr::is_ipv6);
    let listener = TcpListener::bind(addresses.as_slice())?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
