//! What happens to every request before and after its route.

pub(crate) mod authorize;
pub(crate) mod observe;
pub(crate) mod panics;
