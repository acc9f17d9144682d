//! Pages of lists: every article once, forth and back.

use crate::support::{Answer, Stage, json};

fn headlines(list: &Answer) -> Vec<String> {
    list.texts_in("/data", "/headline").into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn paging_forth_and_back_visits_every_article_once_though_all_have_one_time() {
    let stage = Stage::set().await;
    for number in 0..11 {
        stage.live(&format!("Story {number}"), json!({})).await;
    }
    for list in ["?", "?region=asia&", "?sort=published_at&", "?sort=-updated_at&", "?sort=updated_at&region=asia&"] {
        let mut forth: Vec<Vec<String>> = Vec::new();
        let mut page = stage.read(&format!("/v1/articles{list}limit=4")).await;
        assert_eq!(page.at("/meta/prev_cursor"), &json!(null));
        loop {
            forth.push(headlines(&page));
            let Some(next) = page.at("/meta/next_cursor").as_str() else { break };
            page = stage.read(&format!("/v1/articles{list}limit=4&cursor={next}")).await;
        }
        assert_eq!(forth.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 3]);
        let mut all: Vec<&String> = forth.iter().flatten().collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 11, "{list}");
        let mut back = vec![headlines(&page)];
        while let Some(previous) = page.at("/meta/prev_cursor").as_str() {
            page = stage.read(&format!("/v1/articles{list}limit=4&cursor={previous}")).await;
            back.insert(0, headlines(&page));
        }
        assert_eq!(back, forth, "{list}");
    }
}

#[actix_web::test]
async fn a_page_goes_on_where_it_stood_when_news_came_in() {
    let stage = Stage::set().await;
    stage.live_many(4, json!({})).await;
    let first = stage.read("/v1/articles?limit=2").await;
    stage.app.set_clock("2026-01-05T12:00:00Z");
    stage.live("News", json!({})).await;
    let next = first.text_at("/meta/next_cursor");
    let second = stage.read(&format!("/v1/articles?limit=2&cursor={next}")).await;
    assert_eq!(headlines(&second), ["Story 2", "Story 1"]);
}

#[actix_web::test]
async fn a_cursor_serves_the_list_that_made_it_and_no_other() {
    let stage = Stage::set().await;
    stage.live_many(3, json!({})).await;
    let list = stage.read("/v1/articles?limit=1&region=asia").await;
    let next = list.text_at("/meta/next_cursor").to_owned();
    let refused = async |query: String| {
        let answer = stage.reader.get(format!("/v1/articles?{query}")).send().await.expect(400);
        assert_eq!(answer.code(), "invalid_cursor", "{query}");
    };
    refused(format!("limit=1&cursor={next}")).await;
    refused(format!("limit=1&region=asia&sort=published_at&cursor={next}")).await;
    refused(format!("limit=1&region=asia&type=news&cursor={next}")).await;
    for place in [0, next.len() / 2, next.len() - 1] {
        let mut bytes = next.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        refused(format!("limit=1&region=asia&cursor={}", String::from_utf8(bytes).expect("ASCII"))).await;
    }
    stage.read(&format!("/v1/articles?region=asia&limit=2&fields=id&cursor={next}")).await;
}

#[actix_web::test]
async fn links_lead_to_the_pages_around() {
    let stage = Stage::set().await;
    stage.live_many(3, json!({})).await;
    let first = stage.read("/v1/articles?limit=1").await;
    let link = first.header("link");
    assert!(link.contains("<http://api.example.org/v1/articles?limit=1&cursor="), "{link}");
    assert!(
        link.contains("rel=\"next\"") && link.contains("rel=\"first\"") && !link.contains("rel=\"prev\""),
        "{link}"
    );
    for limit in ["0", "-1", "101", "1e9", "NaN", "%00", "\"\"", "", "1&limit=2"] {
        stage.reader.get(format!("/v1/articles?limit={limit}")).send().await.expect(400);
    }
}
