//! The documentation for people, from the binary itself: Swagger UI at `/docs/`, and beside it the
//! pages that problems refer to.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, ContentType};
use actix_web::web::{self, Redirect, ServiceConfig};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use utoipa_swagger_ui::{Config, SwaggerUi};

static PROBLEMS: LazyLock<String> = LazyLock::new(|| page("Problems", include_str!("../../docs/problems.md")));
static API_DESIGN: LazyLock<String> = LazyLock::new(|| page("API design", include_str!("../../docs/api-design.md")));
static ROSTER_SYNC: LazyLock<String> =
    LazyLock::new(|| page("Syncing a roster", include_str!("../../docs/roster-sync.md")));

/// Light or dark as the reader has it; a wide table scrolls by itself.
const STYLE: &str = "body{max-width:72rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}\
    :root{color-scheme:light dark}table{border-collapse:collapse;display:block;overflow-x:auto}\
    th,td{border:1px solid #8888;padding:.3rem .6rem;text-align:left;vertical-align:top}\
    :target{outline:2px solid;outline-offset:3px}";

/// The routes; the contract does not name them.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/docs", web::get().to(|| async { Redirect::to("/docs/").permanent() }))
        .route("/docs/problems", web::get().to(|| async { show(&PROBLEMS) }))
        .route("/docs/api-design", web::get().to(|| async { show(&API_DESIGN) }))
        .route("/docs/roster-sync", web::get().to(|| async { show(&ROSTER_SYNC) }))
        .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/v1/openapi.json")));
}

fn show(page: &'static str) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).content_type(ContentType::html()).body(page)
}

/// A whole page of a text in Markdown.
fn page(title: &str, markdown: &str) -> String {
    let mut body = String::new();
    html::push_html(&mut body, with_anchors(Parser::new_ext(markdown, Options::ENABLE_TABLES)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} – Stagepunt API</title>\
         <style>{STYLE}</style></head><body>{body}</body></html>\n"
    )
}

/// Lets the code in a column `code` be linked to, and links to other files lead to their pages.
fn with_anchors<'t>(events: impl Iterator<Item = Event<'t>>) -> impl Iterator<Item = Event<'t>> {
    let mut heads: Vec<String> = Vec::new();
    let mut column = 0;
    let mut in_head = false;
    events.map(move |event| {
        match &event {
            Event::Start(Tag::TableHead) => (heads, in_head) = (Vec::new(), true),
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableRow) => column = 0,
            Event::End(TagEnd::TableCell) => column += 1,
            Event::Text(head) if in_head => heads.push(head.to_string()),
            Event::Code(code) if heads.get(column).is_some_and(|head| head == "code") => {
                return Event::InlineHtml(format!("<code id=\"{code}\">{code}</code>").into());
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url =
                    dest_url.strip_suffix(".md").map_or_else(|| dest_url.clone(), |page| CowStr::from(page.to_owned()));
                return Event::Start(Tag::Link {
                    link_type: *link_type,
                    dest_url,
                    title: title.clone(),
                    id: id.clone(),
                });
            }
            _ => {}
        }
        event
    })
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_code_can_be_linked_to_and_a_file_becomes_a_page() {
        let page = page("Codes", "| status | code | when |\n|---|---|---|\n| 400 | `a-b` | `c` |\n\n[d](e.md)");
        assert!(page.contains("<td><code id=\"a-b\">a-b</code></td><td><code>c</code></td>"), "{page}");
        assert!(page.contains("<a href=\"e\">d</a>"), "{page}");
    }
}
