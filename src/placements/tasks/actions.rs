//! Working out the tasks of placements, of one or of a page of them.

use super::model::{Task, TaskFilter, TaskKind, TaskPage};
use super::queries;
use super::rows::{Joined, Place, Row};
use super::rules::{self, Facts, Subject, ToDo};
use crate::auth::Actor;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::http::page::Paging;
use crate::kernel::day::Day;
use crate::kernel::ids::PlacementId;
use crate::kernel::named::Named;
use crate::kernel::today::Today;
use crate::placements::readiness::{NeedCode, preparations_of};

/// Placements that a page looks at when not all of their tasks are wanted.
const STRETCH: usize = 200;

/// The tasks of one placement.
pub(super) fn of_placement(conn: &mut Conn, actor: &Actor, id: PlacementId) -> Result<Vec<Task>> {
    let (found, today) = (queries::find(conn, id)?, db::today(conn)?);
    Ok(tasks_of(conn, actor, vec![found], today)?.into_iter().map(|(_, task)| task).collect())
}

/// A page of the board: the tasks of the placements that are next, as far as they fit and are wanted.
pub(super) fn board(conn: &mut Conn, actor: &Actor, filter: &TaskFilter, paging: &Paging<Place>) -> Result<TaskPage> {
    let (after, today) = (paging.after, db::today(conn)?);
    let stretch = if filter.leaves_out() { STRETCH.max(paging.limit()) } else { paging.limit() };
    let mut next = next_placements(conn, actor, filter, after, stretch + 1)?;
    let more = next.len() > stretch;
    next.truncate(stretch);
    let end = next.last().map(|(row, ..)| row.place(None));
    let mut tasks = tasks_of(conn, actor, next, today)?;
    tasks.retain(|(place, task)| filter.wants(task) && !was_shown(after, place));
    let (tasks, cut) = paging.cut(tasks, |(place, _)| *place)?;
    let next_cursor = match (cut, end) {
        (None, Some(end)) if more => Some(paging.onward(&end)?),
        (cut, _) => cut,
    };
    Ok(TaskPage { items: tasks.into_iter().map(|(_, task)| task).collect(), next_cursor })
}

/// Those that go on first, then those that ended.
fn next_placements(
    conn: &mut Conn,
    actor: &Actor,
    filter: &TaskFilter,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<Joined>> {
    let room = |found: usize| i64::try_from(limit - found).unwrap_or(i64::MAX);
    if after.is_some_and(|place| place.ended) {
        return queries::ended(conn, actor, filter, after, room(0));
    }
    let mut next = queries::going_on(conn, actor, filter, after, room(0))?;
    // Without room for more this reads nothing; every page sends the same statements.
    let found = next.len();
    next.extend(queries::ended(conn, actor, filter, None, room(found))?);
    Ok(next)
}

/// Whether the page before ended in the middle of this placement, after this task.
fn was_shown(after: Option<Place>, place: &Place) -> bool {
    after.is_some_and(|after| after.placement == place.placement && place.mark <= after.mark)
}

/// The tasks of these placements in their order, each with its place.
fn tasks_of(conn: &mut Conn, actor: &Actor, found: Vec<Joined>, today: Today) -> Result<Vec<(Place, Task)>> {
    let ids: Vec<PlacementId> = found.iter().map(|(row, ..)| row.id).collect();
    let mut preparations = preparations_of(conn, &ids)?;
    let mut parts = queries::parts_of(conn, &ids)?;
    let leaving = queries::leaving_a_seat(conn, actor, &ids)?;
    let mut tasks = Vec::new();
    for joined in found {
        let row = &joined.0;
        let Some(said) = parts.remove(&row.id) else { continue };
        let facts = Facts {
            status: row.status,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            expires_on: row.expires_on,
            ended_on: row.ended_on,
            guided: row.mentor_id.is_some(),
            preparation: preparations.remove(&row.id),
            talks: said.talks,
            evaluations: said.moments.into_iter().zip(said.judges).collect(),
            outcomes: said.outcomes,
            leaves_a_seat: leaving.contains(&row.id),
        };
        let to_do = rules::to_do(&facts);
        tasks.extend(to_do.iter().map(|task| (row.place(Some(task.mark())), assemble(&joined, task, today))));
    }
    Ok(tasks)
}

fn assemble((row, region, school, practice): &Joined, task: &ToDo, today: Today) -> Task {
    let (need, talk, evaluation, outcome) = match task.subject {
        Subject::Itself => (None, None, None, None),
        Subject::Need(need) => (Some(need), None, None, None),
        Subject::Talk(number, on_site) => (None, Some((number, on_site)), None, None),
        Subject::Evaluation(moment) => (None, None, Some(moment), None),
        Subject::Outcome(moment) => (None, None, None, Some(moment)),
    };
    Task {
        placement_id: row.id,
        kind: task.kind,
        assignee: task.assignee,
        due_on: task.due_on,
        overdue: task.due_on < today.0,
        href: href(row, task),
        need: need.map(|need| need.need),
        severity: need.map(|need| need.severity),
        talk_number: talk.map(|(number, _)| number),
        on_site: talk.map(|(_, on_site)| on_site),
        evaluation_moment: evaluation,
        outcome_moment: outcome,
        placement_status: row.status,
        region: Named::new(row.region_id, region.clone()),
        school: Named::new(row.school_id, school.clone()),
        practice: Named::new(row.practice_id, practice.clone()),
    }
}

/// Where it is sent when it is done.
fn href(row: &Row, task: &ToDo) -> String {
    let part = match task.kind {
        TaskKind::FillFreeSeat => return format!("/v1/placement-offers/{}/candidates", row.offer_id),
        TaskKind::Reserve
        | TaskKind::Introduce
        | TaskKind::Confirm
        | TaskKind::BeginSigning
        | TaskKind::SetReady
        | TaskKind::Start
        | TaskKind::Resume
        | TaskKind::Finish => "/transitions",
        TaskKind::MakeAgreement | TaskKind::SignAgreement => "/agreements",
        TaskKind::NameMentor => "/guidance",
        TaskKind::SeeToRecognition => return recognitions_of(row),
        TaskKind::MeetNeed => return href_of_need(row, task),
        TaskKind::HoldThreeWayTalk => "/contact-moments",
        TaskKind::Evaluate => "/evaluations",
        TaskKind::RecordOutcome => "/outcomes",
    };
    format!("/v1/placements/{}{part}", row.id)
}

fn recognitions_of(row: &Row) -> String {
    format!("/v1/organisations/{}/recognitions", row.practice_id)
}

fn href_of_need(row: &Row, task: &ToDo) -> String {
    let Subject::Need(need) = task.subject else { return format!("/v1/placements/{}", row.id) };
    match (need.need, row.mentor_id) {
        (NeedCode::Recognition, _) => recognitions_of(row),
        (NeedCode::MentorCertificate, Some(_)) => "/v1/mentor-certificates".to_owned(),
        (NeedCode::Employer | NeedCode::SignedAgreement | NeedCode::MentorCertificate, _) => {
            format!("/v1/placements/{}", row.id)
        }
        _ => format!("/v1/placements/{}/compliance-items", row.id),
    }
}

impl TaskFilter {
    /// Whether it wants some tasks of a placement and not others.
    const fn leaves_out(&self) -> bool {
        self.assignee.is_some() || self.kind.is_some() || self.due_before.is_some() || self.overdue.is_some()
    }

    fn wants(&self, task: &Task) -> bool {
        self.assignee.is_none_or(|assignee| task.assignee == assignee)
            && self.kind.is_none_or(|kind| task.kind == kind)
            && self.due_before.map(Day::date).is_none_or(|day| task.due_on < day)
            && self.overdue.is_none_or(|overdue| task.overdue == overdue)
    }
}
