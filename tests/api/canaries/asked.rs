//! What a reader asks and changes, all of it from the contract: every page of every list and feed,
//! every file, every search, some of every single resource, and one of every write.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::markers::Places;
use crate::support::{Answer, TestClient, as_client, texts};
use crate::walk::{Operation, Rows, Walk, absent, role_of};

/// From before the demo world.
const LONG_AGO: &str = "2018-01-01T00:00:00Z";

/// Somebody who reads: a client of the demo world, or anyone.
pub struct Reader<'a> {
    pub walk: &'a Walk,
    pub rows: &'a Rows<'a>,
    pub places: &'a Places,
    pub key: Option<&'static str>,
    pub client: TestClient,
}

/// Answers, each with what was asked.
pub type Heard = Vec<(String, Answer)>;

impl Reader<'_> {
    /// Everything that only asks.
    pub async fn reads(&self) -> Heard {
        let mut heard = Heard::new();
        for operation in &self.walk.operations {
            if operation.method == Method::GET {
                self.read(operation, &mut heard).await;
            } else if operation.searches() {
                for body in self.searches(operation) {
                    let answer = self.client.post(&operation.template, &body).await;
                    heard.push((format!("{operation} {body}"), answer));
                }
            }
        }
        heard
    }

    /// Every answer of one operation: lists to their end, and what is seen and not seen.
    async fn read(&self, operation: &Operation, heard: &mut Heard) {
        for path in self.paths(operation) {
            if operation.csv {
                let file = self.client.request(Method::GET, &path).header("Accept", "text/csv");
                self.hear(operation, file, heard).await;
            }
            let takes = |name: &str| operation.queries.iter().any(|query| query == name);
            if takes("updatedSince") {
                self.turn(operation, &format!("{path}?limit=200&updatedSince={LONG_AGO}"), heard).await;
            }
            let list = if takes("limit") { format!("{path}?limit=200") } else { path };
            self.turn(operation, &list, heard).await;
        }
    }

    async fn turn(&self, operation: &Operation, path: &str, heard: &mut Heard) {
        let mut next = Some(path.to_owned());
        while let Some(page) = next {
            let answer = self.hear(operation, self.client.request(Method::GET, &page), heard).await;
            next = answer["nextCursor"].as_str().map(|cursor| format!("{path}&cursor={cursor}"));
        }
    }

    async fn hear(&self, operation: &Operation, request: RequestBuilder, heard: &mut Heard) -> Value {
        let answer = self.client.send(request).await;
        let body = answer.json();
        heard.push((operation.to_string(), answer));
        body
    }

    fn paths(&self, operation: &Operation) -> Vec<String> {
        if !operation.names_a_row() {
            return vec![operation.path_with(&absent(operation))];
        }
        let Some(key) = self.key else { return Vec::new() };
        let mut targets = self.rows.some_visible(operation, key, 3);
        targets.extend(self.rows.visible(operation, key));
        targets.extend(self.rows.foreign(operation, key));
        let mut paths: Vec<String> = targets.iter().map(|target| operation.path_with(&target.ids)).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// Searches by each property: by the beginning of every marker, by whole texts of columns of its
    /// name, be they visible or not, and by ids of all there are and of those that are visible.
    fn searches(&self, operation: &Operation) -> Vec<Value> {
        let Some((_, schema)) = &operation.body else { return Vec::new() };
        self.walk.sampler.one_by_one(schema, &mut |property| match property.strip_suffix("Ids") {
            Some(singular) => {
                let ids = format!("SELECT id::text AS value FROM {singular}s ORDER BY id LIMIT 200");
                let all = texts(&mut self.walk.app.database.owner(), &ids);
                let own = self.key.map(|key| texts(&mut as_client(&self.walk.app.database, key), &ids));
                [Some(all), own].into_iter().flatten().filter(|ids| !ids.is_empty()).map(|ids| json!(ids)).collect()
            }
            None if ["cursor", "limit"].contains(&property) => Vec::new(),
            None => {
                let column = crate::walk::snake(property);
                let whole: Vec<&String> = self.places.texts(&column).collect();
                let some = whole.iter().step_by(whole.len().div_ceil(2).max(1));
                some.map(|text| json!(text)).chain([json!("qz")]).collect()
            }
        })
    }

    /// One of every write that its role may do: of something that is there to be changed, and of
    /// something that is only seen; then the same again, and something else under the same key.
    pub async fn writes(&self) -> Heard {
        let Some(key) = self.key else { return Heard::new() };
        let mut heard = Heard::new();
        let writes = self.walk.operations.iter().filter(|operation| operation.changes() && !operation.is_public());
        for operation in writes.filter(|operation| operation.allows(&role_of(key))) {
            let targets = if operation.names_a_row() {
                let found = [self.rows.changeable(operation, key), self.rows.visible_only(operation, key)];
                found.into_iter().flatten().map(|target| target.ids).collect()
            } else {
                vec![absent(operation)]
            };
            for ids in targets {
                let answer = self.walk.send(&self.client, operation, &ids, "*").await;
                if operation.method == Method::POST && answer.status.is_success() {
                    heard.extend(self.repeated(operation, &operation.path_with(&ids)).await);
                }
                heard.push((operation.to_string(), answer));
            }
        }
        heard
    }

    /// The first answer, the same again, and 422 for another request.
    async fn repeated(&self, operation: &Operation, path: &str) -> Heard {
        let Some((_, schema)) = &operation.body else { return Heard::new() };
        let (once, body) = (uuid::Uuid::now_v7().to_string(), self.walk.sampler.sample(schema));
        let mut heard = Heard::new();
        for body in [&body, &body, &json!({})] {
            heard.push((format!("{operation} again"), self.client.post_once(path, &once, body).await));
        }
        heard
    }
}
