//! The login that serves is judged before it does: row policies must bind it, and cover every table.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use stagepunt::db::{Login, LoginRefused};

use crate::support::TestApp;

#[actix_web::test]
async fn a_login_that_policies_do_not_bind_may_not_serve() {
    let app = TestApp::start().await;
    let (own, owner) = (&app.database.app_url, &app.database.owner_url);
    Login::check(own).unwrap();
    assert!(matches!(Login::check(owner), Err(LoginRefused::TooPowerful(_))), "a superuser");
    let mut conn = PgConnection::establish(owner).unwrap();
    for forgotten in [
        "CREATE TABLE left_open (id integer)",
        "ALTER TABLE left_open ENABLE ROW LEVEL SECURITY; CREATE POLICY all_of_it ON left_open USING (true)",
        "ALTER TABLE left_open FORCE ROW LEVEL SECURITY; DROP POLICY all_of_it ON left_open",
    ] {
        conn.batch_execute(forgotten).unwrap();
        let Err(LoginRefused::Unwalled(tables)) = Login::check(own) else { panic!("{forgotten}") };
        assert_eq!(tables, "left_open");
    }
    conn.batch_execute("ALTER TABLE left_open OWNER TO stagepunt_app").unwrap();
    assert!(matches!(Login::check(own), Err(LoginRefused::TooPowerful(_))), "an owner of tables");
    let mistyped = own.replace('@', "x@");
    assert!(matches!(Login::check(&mistyped), Err(LoginRefused::Unreachable(_))), "a wrong password");
}
