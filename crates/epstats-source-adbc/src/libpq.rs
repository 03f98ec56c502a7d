//! Addresses of PostgreSQL, whose driver takes one and nothing beside it.

use std::fmt::Write as _;

use epstats_source::Secret;

/// Seconds after which a server that does not answer is given up, unless the address says otherwise. Without it a lost packet is waited for
/// without end.
const CONNECT_TIMEOUT: &str = "10";

/// The address with user and password, and with what it should say if it does not.
pub(crate) fn complete(address: &str, user: Option<&Secret>, password: Option<&Secret>) -> Secret {
    let is_url = ["postgresql://", "postgres://"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    let mut parameters = Vec::new();
    parameters.extend(user.map(|user| ("user", user.reveal())));
    parameters.extend(password.map(|password| ("password", password.reveal())));
    for (name, value) in [
        ("connect_timeout", CONNECT_TIMEOUT),
        ("fallback_application_name", "epstats"),
    ] {
        if !address.contains(name) {
            parameters.push((name, value));
        }
    }
    let mut complete = address.to_owned();
    let mut separator = if address.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        if is_url {
            complete.push(separator);
            separator = '&';
            complete += &format!("{name}={}", encoded(value));
        } else {
            let quoted = value.replace('\\', "\\\\").replace('\'', "\\'");
            complete += &format!(" {name}='{quoted}'");
        }
    }
    Secret::from(complete)
}

/// A value as addresses have it.
fn encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            // A `String` takes everything.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: &str) {
        let user = Secret::from("me");
        let password = Secret::from("o'p&n ž");
        let got = complete(address, Some(&user), Some(&password));
        assert_eq!(got.reveal(), expected);
    }

    #[test]
    fn user_and_password_become_part_of_the_address() {
        check(
            "postgresql://db.example/shop",
            "postgresql://db.example/shop?user=me&password=o%27p%26n%20%C5%BE&connect_timeout=10&fallback_application_name=epstats",
        );
        check(
            "postgres://db.example/shop?sslmode=require&connect_timeout=2",
            "postgres://db.example/shop?sslmode=require&connect_timeout=2&user=me&password=o%27p%26n%20%C5%BE&fallback_application_name=epstats",
        );
        check(
            "host=db.example dbname=shop",
            "host=db.example dbname=shop user='me' password='o\\'p&n ž' connect_timeout='10' fallback_application_name='epstats'",
        );
    }

    #[test]
    fn an_address_that_says_all_stays_as_it_is() {
        let address =
            "postgresql://me@db.example/shop?connect_timeout=2&fallback_application_name=us";
        assert_eq!(complete(address, None, None).reveal(), address);
    }
}
