//! What opens a preview: the link's id and its end, signed. It is short enough for an address, says nothing by itself,
//! and is refused without a look into the database when it is not ours or its time is over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::base::secret::{Keys, same};

/// What every one of them starts with, so that leak scanners find it.
pub const PREFIX: &str = "dateline_preview_";
/// The longest life, in days.
pub const LONGEST_DAYS: i64 = 90;
/// The life when nothing else is asked for, in days.
pub const DEFAULT_DAYS: i64 = 7;
/// A key of its own, so that nothing signed for another purpose is one of these.
const PURPOSE: &str = "dateline previews";
const ID_BYTES: usize = 16;
const SIGNED_BYTES: usize = ID_BYTES + 8;

/// Signs with the present secret; takes what was signed with it and with those before it.
pub struct PreviewSigner(Keys);

impl PreviewSigner {
    /// A signer with the present secret and those that are still accepted.
    pub fn new(present: &str, previous: &[String]) -> Self {
        Self(Keys::derive(present, previous, PURPOSE))
    }

    /// What opens the preview with this id until then.
    pub fn sign(&self, id: Uuid, expires_at: DateTime<Utc>) -> Option<String> {
        let mut bytes = [id.as_bytes().as_slice(), &expires_at.timestamp_millis().to_be_bytes()].concat();
        let mac = self.0.present().mac(&bytes);
        bytes.extend_from_slice(&mac);
        Some(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The preview that this opens, if it is ours, whole, and its time is not over.
    pub fn verify(&self, sent: &str, now: DateTime<Utc>) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(sent.strip_prefix(PREFIX)?).ok()?;
        let (signed, mac) = bytes.split_at_checked(SIGNED_BYTES)?;
        // Every key is tried, so that the time taken does not tell which one it was.
        #[expect(clippy::unnecessary_fold, reason = "`any` stops at the first")]
        let ours = self.0.all().fold(false, |ours, key| same(&key.mac(signed), mac) || ours);
        let (id, end) = signed.split_at_checked(ID_BYTES)?;
        let end = i64::from_be_bytes(end.try_into().ok()?);
        (ours && now.timestamp_millis() < end).then(|| Uuid::from_slice(id).ok())?
    }
}
