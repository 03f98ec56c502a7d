//! Reasons have words that programs and people can rely on.

use std::collections::BTreeSet;

use epstats_stats::{ConfidenceLevel, Probability, Undefined};

#[test]
fn every_reason_has_a_code_of_its_own_and_a_sentence() {
    let codes: BTreeSet<_> = Undefined::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), Undefined::ALL.len());
    for reason in Undefined::ALL {
        let code = reason.code();
        assert!(
            code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{code}"
        );
        let sentence = reason.to_string();
        assert!(
            !sentence.ends_with('.') && sentence.starts_with(char::is_lowercase),
            "{sentence}"
        );
    }
}

#[test]
fn levels_and_probabilities_keep_their_range() {
    for outside in [-0.1, 0.0, 1.0, 95.0, f64::NAN] {
        assert!(ConfidenceLevel::new(outside).is_none(), "{outside}");
    }
    assert_eq!(ConfidenceLevel::new(0.75).unwrap().alpha(), 0.25);
    assert_eq!(Probability::new(1.0).unwrap().value(), 1.0);
    assert!(Probability::new(1.1).is_none() && Probability::new(f64::NAN).is_none());
}
