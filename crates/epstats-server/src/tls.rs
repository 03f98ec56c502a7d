//! The implementation of TLS.

/// Has everything in this process that speaks TLS use one implementation. Call it once, before anything connects; again does no harm.
pub fn use_tls() {
    // Refused only where one is in use already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
