//! Many at once: never more placements than seats, never a student in two of them.

use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use futures_util::future::{join, join_all};
use serde_json::json;

use super::{Scene, moves, moves_because};
use crate::students::owner_reads;
use crate::support::Answer;

#[actix_web::test]
async fn the_last_seat_goes_to_one_of_many() {
    let scene = Scene::with_seats(2).await;
    let mut paths = Vec::new();
    for n in 0..12 {
        paths.push(scene.propose(&scene.student(&format!("race-{n}")).await).await);
    }
    let answers = join_all(paths.iter().map(|path| moves(&scene.practice, path, "reserved"))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 2);
    for answer in lost {
        answer.is_problem(409, "capacity-exhausted");
    }
    assert_eq!(scene.taken(&scene.practice).await, 2);
}

#[actix_web::test]
async fn a_student_gets_one_seat_of_several_in_the_same_days() {
    let scene = Scene::with_seats(8).await;
    let student = scene.student("race-twice").await;
    let mut paths = Vec::new();
    for _ in 0..8 {
        paths.push(scene.propose(&student).await);
    }
    let answers = join_all(paths.iter().map(|path| moves(&scene.practice, path, "reserved"))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    for answer in lost {
        answer.is_problem(409, "placement-overlap");
    }
    assert_eq!(scene.taken(&scene.practice).await, 1, "who was refused holds no seat");
}

#[actix_web::test]
async fn seats_are_counted_by_placements_only_and_not_taken_away() {
    let scene = Scene::with_seats(2).await;
    let (first, second) = (scene.placed("count-1", "reserved").await, scene.placed("count-2", "reserved").await);
    let offer = format!("/v1/placement-offers/{}", scene.offer);
    scene.practice.change(&offer, &serde_json::json!({ "seats": 1 })).await.is_problem(409, "seats-taken");
    moves_because(&scene.ground.school.client, &first, "cancelled", Some("postponed")).await.is(200);
    scene.practice.change(&offer, &serde_json::json!({ "seats": 1 })).await.is(200);
    let third = scene.propose(&scene.student("count-3").await).await;
    moves(&scene.practice, &third, "reserved").await.is_problem(409, "capacity-exhausted");
    assert_eq!(super::status(&scene.practice, &second).await, "reserved");
    let held = "SELECT count(*)::text AS value FROM placements p JOIN placement_offers o ON o.id = p.offer_id \
                WHERE holds_seat(p.status) GROUP BY o.id, o.seats_taken HAVING count(*) <> o.seats_taken";
    assert_eq!(owner_reads(&scene.app, held), Vec::<String>::new(), "what is counted is what is held");
}

/// Moves the offer, whatever its placements; the change is not committed yet.
fn moves_offer(scene: &Scene, to: &str) -> PgConnection {
    let mut owner = scene.app.database.owner();
    let change = format!("UPDATE placement_offers SET status = '{to}' WHERE id = '{}'", scene.offer);
    owner.batch_execute(&format!("BEGIN; SET LOCAL session_replication_role = replica; {change}")).unwrap();
    owner
}

/// What a request hears that comes while somebody moves the offer.
async fn beside(scene: &Scene, to: &str, request: impl Future<Output = Answer>) -> Answer {
    let mut owner = moves_offer(scene, to);
    let then = async {
        scene.app.database.until_waiting(1).await;
        owner.batch_execute("COMMIT").unwrap();
    };
    join(request, then).await.0
}

#[actix_web::test]
async fn whoever_proposes_or_reserves_waits_for_whoever_closes_the_offer() {
    let scene = Scene::with_seats(2).await;
    let first = scene.propose(&scene.student("close-1").await).await;
    let (second, third) = (scene.student("close-2").await, scene.student("close-3").await);
    beside(&scene, "published", scene.try_propose(&second, json!({}))).await.is(201);
    let late = beside(&scene, "draft", scene.try_propose(&third, json!({}))).await;
    late.is_problem(409, "offer-not-published");
    moves_offer(&scene, "published").batch_execute("COMMIT").unwrap();
    let late = beside(&scene, "closed", moves(&scene.practice, &first, "reserved")).await;
    late.is_problem(409, "offer-not-published");
    assert_eq!(scene.taken(&scene.practice).await, 0);
}

/// The answers of two who ask at the same moment hold nothing that only an unlucky moment explains.
fn nobody_was_in_the_way(answers: [&Answer; 2]) {
    for answer in answers {
        assert!(answer.status.is_success() || answer.json()["code"] != "request-in-progress", "{}", answer.text());
    }
}

#[actix_web::test]
async fn a_student_who_changes_seats_is_not_in_the_way_of_either_host() {
    let scene = Scene::with_seats(2).await;
    let (school, student) = (&scene.ground.school.client, scene.student("race-change").await);
    let mut held = scene.propose(&student).await;
    moves(&scene.practice, &held, "reserved").await.is(200);
    for _ in 0..12 {
        let wanted = scene.propose(&student).await;
        let (gone, taken) = join(
            moves_because(school, &held, "cancelled", Some("postponed")),
            moves(&scene.practice, &wanted, "reserved"),
        )
        .await;
        nobody_was_in_the_way([&gone, &taken]);
        gone.is(200);
        if taken.status != 200 {
            taken.is_problem(409, "placement-overlap");
            moves(&scene.practice, &wanted, "reserved").await.is(200);
        }
        assert_eq!(scene.taken(&scene.practice).await, 1);
        held = wanted;
    }
}

#[actix_web::test]
async fn days_that_change_at_once_are_not_in_each_others_way() {
    let scene = Scene::with_seats(4).await;
    let (school, student) = (&scene.ground.school.client, scene.student("race-days").await);
    let days = |first: &str, last: &str| json!({ "startsOn": first, "endsOn": last });
    let one = scene.try_propose(&student, days("2018-09-03", "2018-12-31")).await.is(201).header("location");
    let two = scene.try_propose(&student, days("2019-06-01", "2019-12-31")).await.is(201).header("location");
    for path in [&one, &two] {
        moves(&scene.practice, path, "reserved").await.is(200);
    }
    for _ in 0..12 {
        let (longer, earlier) = (days("2018-09-03", "2019-03-31"), days("2019-03-01", "2019-12-31"));
        let (first, second) = join(school.change(&one, &longer), school.change(&two, &earlier)).await;
        nobody_was_in_the_way([&first, &second]);
        assert!(!(first.status.is_success() && second.status.is_success()), "both have March");
        school.change(&one, &days("2018-09-03", "2018-12-31")).await.is(200);
        school.change(&two, &days("2019-06-01", "2019-12-31")).await.is(200);
    }
}
