//! What database errors mean to a client. Every constraint of the schema has its row; no database text ever leaves.

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError};

use crate::base::error::{Code, Error};

/// Constraint -> what a client is told when it is hit.
const CONSTRAINTS: &[(&str, Code, &str)] = &[
    ("slugs_pkey", Code::Conflict, "The slug is taken."),
    ("slugs_one_current", Code::Conflict, "The article was given another slug at the same time."),
    ("article_external_ids_pkey", Code::Conflict, "Another article has this external id."),
    ("authors_slug_key", Code::Conflict, "The slug is taken."),
    ("media_slug_key", Code::Conflict, "The slug is taken."),
    ("regions_slug_key", Code::Conflict, "The slug is taken."),
    ("regions_iso2_key", Code::Conflict, "Another region has this two-letter ISO code."),
    ("regions_iso3_key", Code::Conflict, "Another region has this three-letter ISO code."),
    ("regions_m49_key", Code::Conflict, "Another region has this M49 code."),
    ("topics_slug_key", Code::Conflict, "The slug is taken."),
    ("topics_name_key", Code::Conflict, "There is a topic of this name."),
    ("retired_slugs_pkey", Code::Conflict, "The slug is taken."),
    ("users_email_key", Code::Conflict, "There is a user with this e-mail address."),
    ("publications_no_overlap", Code::Conflict, "The article is already live or scheduled in this period."),
    ("takedowns_one_in_force", Code::IllegalMove, "The article is taken down already."),
    ("idempotency_keys_pkey", Code::InFlight, "A request with this key is in flight."),
    ("article_authors_once", Code::Invalid, "An author stands twice in one role."),
    ("article_regions_once", Code::Invalid, "A region stands twice."),
    ("article_topics_once", Code::Invalid, "A topic stands twice."),
    ("related_links_target_once", Code::Invalid, "An article is linked twice in one kind."),
    ("related_links_url_once", Code::Invalid, "A URL is linked twice in one kind."),
    ("related_links_not_itself", Code::Invalid, "An article cannot link to itself."),
    ("articles_translation_not_itself", Code::Invalid, "An article cannot be a translation of itself."),
    ("regions_not_own_parent", Code::Invalid, "A region cannot be its own parent."),
    ("region_members_not_itself", Code::Invalid, "A region cannot be a member of itself."),
    ("authors_not_merged_into_itself", Code::Invalid, "An author cannot be merged into itself."),
    ("topics_not_merged_into_itself", Code::Invalid, "A topic cannot be merged into itself."),
];

/// Whether [`CONSTRAINTS`] says what this constraint means to a client.
pub fn constraint_is_named(name: &str) -> bool {
    CONSTRAINTS.iter().any(|(constraint, ..)| *constraint == name)
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Self::not_found(),
            DieselError::DatabaseError(kind, information) => explained(information.as_ref())
                .or_else(|| crowded(information.message()))
                .or_else(|| full(information.message()))
                .unwrap_or_else(|| unexplained(*kind))
                .because(error),
            DieselError::BrokenTransactionManager => Self::unavailable(error),
            _ => Self::internal(error),
        }
    }
}

impl Error {
    fn because(mut self, source: DieselError) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

fn explained(information: &dyn DatabaseErrorInformation) -> Option<Error> {
    let name = information.constraint_name()?;
    CONSTRAINTS.iter().find(|(constraint, ..)| *constraint == name).map(|(_, code, detail)| Error::new(*code, *detail))
}

/// What only waits or is tried again: the driver hands on no SQLSTATE for these, so their words have to do.
fn crowded(message: &str) -> Option<Error> {
    let waiting =
        ["deadlock detected", "canceling statement due to", "terminating connection", "transaction is aborted"];
    waiting
        .iter()
        .any(|words| message.contains(words))
        .then(|| Error::new(Code::Unavailable, "Another write is in the way at the moment. Repeat yours.").after(1))
}

/// What fails because there is no room, in the words of the operating system.
fn full(message: &str) -> Option<Error> {
    let words = ["No space left on device", "Disk quota exceeded"];
    words.iter().any(|words| message.contains(words)).then(|| {
        let detail =
            "The database has no room left to write. What is there can be read; its operator has to make room.";
        Error::new(Code::Unavailable, detail).after(30)
    })
}

fn unexplained(kind: DatabaseErrorKind) -> Error {
    match kind {
        DatabaseErrorKind::ForeignKeyViolation => {
            Error::new(Code::InUse, "Something that is referred to is gone, or is still referred to.")
        }
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::SerializationFailure
        | DatabaseErrorKind::ReadOnlyTransaction => {
            Error::new(Code::Unavailable, "The database does not answer at the moment.").after(1)
        }
        _ => Error::new(Code::Internal, "The server failed. The request id finds the failure in its log."),
    }
}
