//! `epstats serve` as a process: what only a socket, a signal or another program can show.

mod data;
mod observed;
mod process;
mod settings;
mod slow_clients;
mod stopping;
mod tls;
