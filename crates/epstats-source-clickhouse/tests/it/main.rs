//! ClickHouse as a source, against its engine: run by `make check-engines`, which starts it.

mod cancel;
mod contract;
mod faults;
mod proxy;
mod question;
mod random;
mod replicas;
mod rig;
mod scripted;
mod server;
mod settings;
mod tls;
mod travel;
mod types;
