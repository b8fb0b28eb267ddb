//! Every night the same: what has not changed is not written.

use std::collections::BTreeSet;

use super::{HEAD, Rosters, counts};

const STUDENTS: usize = 400;

fn night(changed: Option<usize>) -> String {
    let row = |number: usize| {
        let name = if changed == Some(number) { "Anders" } else { "Student" };
        format!("s{number:04},Voorbeeld,{name},PROEF,bol,2,friday|monday,30,5038\n")
    };
    let rows: String = (0..STUDENTS).map(row).collect();
    format!("{HEAD},learningPath,studyYear,availableDays,maxTravelMinutes,postcode4\n{rows}")
}

#[actix_web::test]
async fn the_same_rows_again_cost_no_row_and_one_changed_row_costs_one() {
    let rosters = Rosters::start().await;
    let first = rosters.import("mode=full", &night(None)).await;
    assert_eq!(counts(&first), [400, 0, 0, 0, 0], "{first}");
    let held = rosters.rows();
    assert_eq!(counts(&rosters.import("mode=full", &night(None)).await), [0, 0, 400, 0, 0]);
    assert_eq!(counts(&rosters.import("mode=delta", &night(None)).await), [0, 0, 400, 0, 0]);
    assert_eq!(rosters.rows(), held, "no row was written, not even with what it held");
    assert_eq!(counts(&rosters.import("mode=full", &night(Some(123))).await), [0, 1, 399, 0, 0]);
    let after = rosters.rows();
    let told = |rows: BTreeSet<&String>| -> Vec<String> {
        rows.iter().map(|row| row.split(' ').next().unwrap().to_owned()).collect()
    };
    let (old, new) = (held.difference(&after).collect(), after.difference(&held).collect());
    assert_eq!(
        (told(old), told(new)),
        (
            vec!["student_identities".to_owned(), "students".to_owned()],
            vec!["student_identities".to_owned(), "students".to_owned()]
        )
    );
    assert!(rosters.students().iter().all(|student| student.ends_with(if student.starts_with("s0123") {
        " 2"
    } else {
        " 1"
    })));
}
