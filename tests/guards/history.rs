//! Whatever the document offers to be done to an article, and to what articles name: its newest revision says what its
//! rows say, and every version has its revision.

use reqwest::Method;

use super::errands::Newsroom;
use super::operations::operations;

#[actix_web::test]
async fn after_every_operation_of_the_document_the_history_is_whole() {
    let newsroom = Newsroom::open().await;
    for operation in operations().iter().filter(|one| one.is_newsroom() && one.method != Method::GET) {
        // Somebody new, because some operations end the caller's session.
        let admin = newsroom.app.admin().await;
        let before = newsroom.app.rows("article_revisions").await;
        let answer = newsroom.errand(operation, &admin).await.send(&admin, None).await;
        assert!(answer.status() < 500, "{answer}");
        let after = newsroom.app.rows("article_revisions").await;
        assert!(after >= before, "{} took a revision away", operation.id);
        newsroom.app.history_is_whole().await;
    }
}
