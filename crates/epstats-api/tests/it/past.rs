//! Past experiments from a file.

use epstats_api::{ReadPast, read_past};

use crate::support::rendered;

fn problems(text: &str) -> String {
    let ReadPast {
        experiments,
        diagnostics,
    } = read_past(text);
    assert!(experiments.is_none(), "{text}");
    rendered(&diagnostics)
}

#[test]
fn columns_stand_in_any_order_beside_others() {
    let text =
        "\u{feff}note,standard_error,experiment,effect\r\n\"a, b\",0.1, x ,-2e-3\r\n,0.2,y,0\r\n";
    let past = read_past(text).experiments.unwrap();
    assert_eq!(past[0].name, "x");
    assert_eq!(past[0].effect.value, -0.002);
    assert_eq!(past[1].effect.standard_error, 0.2);
}

#[test]
fn mistakes_are_told_with_their_lines() {
    insta::assert_snapshot!(
        [
            "",
            "experiment,effects,error\na,1,1\nb,1,1\n",
            "experiment,effect,standard_error\na,1,1\n",
            "experiment,effect,standard_error\na,,1\nb,inf,0\nc,1,-1\n",
            "experiment,effect,standard_error\na,1,1\nb,1\nc,1,1\n",
        ]
        .map(problems)
        .join("\n\n---\n\n")
    );
}

#[test]
fn a_long_file_of_mistakes_is_not_told_to_the_end() {
    let text = "experiment,effect,standard_error\n".to_owned() + &"a,x,y\n".repeat(1000);
    assert_eq!(
        read_past(&text).diagnostics.len(),
        epstats_api::MOST_PROBLEMS
    );
}
