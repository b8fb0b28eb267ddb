//! What is written once stays as it was written: whatever a policy or a handler says, the app login
//! has no right to change it, to remove it or to empty its table.

use diesel::result::Error;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, sql_query};

use crate::support::{Cluster, texts};

/// Rows that nothing touches again: who did and saw what, what was signed for, what feeds live by.
const FINAL: [&str; 6] =
    ["access_events", "agreement_sheets", "audit_events", "placement_offer_seats", "tombstones", "touches"];

/// Rows that are stamped once, when another takes their place: dated facts, records, steps, signatures.
const SUPERSEDED: [&str; 19] = [
    "agreement_signatures",
    "barriers",
    "cohort_counts",
    "contact_assignments",
    "contact_moments",
    "evaluations",
    "hosting_intents",
    "initiative_transitions",
    "learning_path_periods",
    "mandate_transitions",
    "memberships",
    "mentor_certificates",
    "outcomes",
    "placement_offer_transitions",
    "placement_request_transitions",
    "placement_transitions",
    "readiness_rules",
    "signal_transitions",
    "workforce_needs",
];

/// Tables that the app login adds rows to and removes none from, and of whose columns it may change
/// these and no others.
fn with_changeable(owner: &mut PgConnection, columns: &str) -> Vec<String> {
    let sql = format!(
        "SELECT relname AS value FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
         AND has_table_privilege('stagepunt_app', oid, 'INSERT') \
         AND NOT has_table_privilege('stagepunt_app', oid, 'DELETE, TRUNCATE') \
         AND ARRAY(SELECT attname::text FROM pg_attribute a WHERE attrelid = c.oid AND attnum > 0 \
             AND NOT attisdropped AND has_column_privilege('stagepunt_app', c.oid, attnum, 'UPDATE')) \
             = '{{{columns}}}'::text[] ORDER BY 1"
    );
    texts(owner, &sql)
}

#[test]
fn what_is_append_only_is_on_the_list_and_the_other_way_round() {
    let database = Cluster::shared().database();
    let mut owner = database.owner();
    assert_eq!(with_changeable(&mut owner, ""), FINAL);
    assert_eq!(with_changeable(&mut owner, "superseded_at"), SUPERSEDED);
    let guarded = "SELECT DISTINCT relname AS value FROM pg_class c JOIN pg_trigger t ON t.tgrelid = c.oid \
                   JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname IN ('stamp_record', 'supersede_once') ORDER BY 1";
    assert_eq!(texts(&mut owner, guarded), SUPERSEDED, "stamped once, and at no moment of a caller's choice");
}

#[test]
fn the_app_login_is_refused_every_change_of_what_is_append_only() {
    let database = Cluster::shared().database();
    let (mut owner, mut app) = (database.owner(), PgConnection::establish(&database.app_url).unwrap());
    let mut refused = 0;
    for table in FINAL.into_iter().chain(SUPERSEDED) {
        let columns = format!(
            "SELECT attname AS value FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 \
             AND NOT attisdropped AND attname <> 'superseded_at' AND attgenerated = ''"
        );
        let updates =
            texts(&mut owner, &columns).into_iter().map(|column| format!("UPDATE {table} SET {column} = NULL"));
        for change in updates.chain([format!("DELETE FROM {table}"), format!("TRUNCATE {table}")]) {
            match sql_query(&change).execute(&mut app) {
                Err(Error::DatabaseError(_, told)) if told.message().starts_with("permission denied") => refused += 1,
                other => panic!("{change}: {other:?}"),
            }
        }
    }
    assert!(refused > 300, "only {refused} changes were tried");
}
