//! Finding a slug for an author, a region, a topic or an asset.

use chrono::{DateTime, Utc};

use crate::base::error::{Code, Error, Fault, Result};
use crate::base::id::new_id;
use crate::rules::slug;
use crate::store::Tx;
use crate::store::retired::{Owner, hold, is_taken, retire};

const MOST_TRIES: u32 = 20;
/// Up to here numbers are given in order. What more things than that are called gets one from far off.
const LAST_IN_ORDER: u32 = 15;

/// The slug that was asked for, if it may be one and is free; or one made from the name, numbered where it is taken.
///
/// # Errors
/// 422 for what cannot be a slug, 409 for one that is taken.
pub async fn choose(tx: &mut Tx, wanted: Option<&str>, name: &str, owner: Owner, now: DateTime<Utc>) -> Result<String> {
    if let Some(wanted) = wanted {
        checked(wanted)?;
        hold(tx, slug::family(wanted), owner).await?;
        return free(tx, wanted, owner, now).await;
    }
    let plain = slug::from_text(name);
    hold(tx, slug::family(&plain), owner).await?;
    let mut candidate = plain.clone();
    for n in 2..MOST_TRIES {
        if !is_taken(tx, &candidate, owner, now).await? {
            return Ok(candidate);
        }
        candidate = slug::numbered(&plain, if n <= LAST_IN_ORDER { n } else { far_off() });
    }
    Err(taken())
}

/// Another slug in place of the present one, which stays its owner's.
///
/// # Errors
/// As [`choose`].
pub async fn rename(tx: &mut Tx, present: &str, wanted: String, owner: Owner, now: DateTime<Utc>) -> Result<String> {
    checked(&wanted)?;
    // Both in the order of the alphabet: two that swap their slugs do not wait for each other.
    let mut families = [slug::family(present), slug::family(&wanted)];
    families.sort_unstable();
    for family in families {
        hold(tx, family, owner).await?;
    }
    let wanted = free(tx, &wanted, owner, now).await?;
    retire(tx, present, owner).await?;
    Ok(wanted)
}

fn checked(wanted: &str) -> Result<()> {
    slug::check(wanted).map_err(|detail| Error::invalid(vec![Fault::at("/slug", "slug", detail)]))
}

async fn free(tx: &mut Tx, wanted: &str, owner: Owner, now: DateTime<Utc>) -> Result<String> {
    if is_taken(tx, wanted, owner, now).await? { Err(taken()) } else { Ok(wanted.to_owned()) }
}

fn far_off() -> u32 {
    let [.., a, b, c, d] = new_id().into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

fn taken() -> Error {
    Error::new(Code::Conflict, "The slug is taken.").with_faults(vec![Fault::at("/slug", "taken", "is taken")])
}
