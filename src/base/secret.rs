//! Digests and seals over secrets: SHA-256, HMAC-SHA-256 and AES-256-GCM, all from one library.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, digest, hmac};

use super::id::random_bytes;

const NONCE_BYTES: usize = 12;

/// SHA-256 of the bytes: 32 bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// Whether two byte strings are equal, in a time that does not tell where they differ.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// A key for one purpose, derived from the server's secret so that no two purposes share one.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    /// HMAC-SHA-256 of the purpose under the secret.
    pub fn derive(secret: &[u8], purpose: &str) -> Self {
        Self(mac(secret, purpose.as_bytes()))
    }

    /// The key itself: 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA-256 of the message: 32 bytes.
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        mac(&self.0, message)
    }

    /// Encrypts and authenticates: a random nonce, then AES-256-GCM. `None` only if the library fails.
    pub fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let nonce = random_bytes::<NONCE_BYTES>();
        let mut sealed = plain.to_vec();
        self.aead()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed).ok()?;
        Some([nonce.as_slice(), &sealed].concat())
    }

    /// What [`seal`](Self::seal) made, or `None` if it was made with another key or altered.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE_BYTES)?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        self.aead()?.open_in_place(nonce, Aad::empty(), &mut rest).ok().map(|plain| plain.to_vec())
    }

    fn aead(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).ok().map(LessSafeKey::new)
    }
}

/// Keys for one purpose: that of the present secret, and those of the secrets before it that are still accepted.
#[derive(Clone, Debug)]
pub struct Keys {
    present: Key,
    previous: Vec<Key>,
}

impl Keys {
    /// A key of each secret.
    pub fn derive(present: &str, previous: &[String], purpose: &str) -> Self {
        let key = |secret: &str| Key::derive(secret.as_bytes(), purpose);
        Self { present: key(present), previous: previous.iter().map(|secret| key(secret)).collect() }
    }

    /// The one that is used for what is new.
    pub fn present(&self) -> &Key {
        &self.present
    }

    /// All, the present one first.
    pub fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.present).chain(&self.previous)
    }

    /// As [`Key::seal`], with the present one.
    pub fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.present.seal(plain)
    }

    /// What [`seal`](Self::seal) made with any of them.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.all().find_map(|key| key.open(sealed))
    }
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref());
    out
}
