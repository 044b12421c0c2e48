//! Certificates in the given folders, PEM or DER.
//!
//! Promise: one fact for each certificate of each file whose name ends like one ([`ENDINGS`]); private keys are neither kept nor told.
//! Not here: subfolders, whether a chain verifies, and whether a certificate is expired (the collector knows the date).

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use x509_parser::oid_registry::asn1_rs::{Any, Oid, oid};
use x509_parser::parse_x509_certificate;
use x509_parser::pem::Pem;
use x509_parser::prelude::X509Certificate;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::fact::{Certificate, Fact, KeyKind, Kind};
use crate::source::{Failure, Reading, Root, Source, Watch, read_file};

/// Endings of file names that are looked into, in lower case.
pub const ENDINGS: [&str; 4] = ["pem", "crt", "cer", "der"];

/// Most files of one folder; more are counted as skipped.
const MAX_FILES: usize = 4096;

/// Certificates of some folders under a root.
pub struct CertificateSource {
    /// Where the folders are looked up.
    pub root: Root,
    /// Absolute paths.
    pub folders: Vec<String>,
}

impl Source for CertificateSource {
    fn kind(&self) -> Kind {
        Kind::Certificate
    }

    fn watch(&self) -> Watch {
        Watch::Folders(self.folders.iter().map(|folder| self.root.at(folder)).collect())
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        for folder in &self.folders {
            match files(&self.root.at(folder)) {
                Ok(files) => self.read_files(folder, &files, &mut reading),
                Err(e) => reading.skip(format_args!("{folder}: {e}")),
            }
        }
        Ok(reading)
    }
}

impl CertificateSource {
    fn read_files(&self, folder: &str, files: &[PathBuf], reading: &mut Reading) {
        if files.len() > MAX_FILES {
            reading.skip(format_args!("{folder}: {} files, of which {MAX_FILES} are read", files.len()));
        }
        for path in files.iter().take(MAX_FILES) {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{}/{file}", folder.trim_end_matches('/'));
            match read_file(path) {
                Ok(bytes) => parse(&name, &bytes, reading),
                Err(why) => reading.skip(why),
            }
        }
    }
}

/// Files that end like a certificate, in order of their names; what is neither file nor link to one is left out.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ENDINGS.contains(&ending.as_str()) && (path.is_file() || path.is_symlink() && !path.exists()) {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Adds the certificates of one file to the reading.
pub fn parse(name: &str, bytes: &[u8], reading: &mut Reading) {
    const DER_SEQUENCE: u8 = 0x30;
    if bytes.first() == Some(&DER_SEQUENCE) {
        return reading.take(certificate(name, 0, bytes));
    }
    let mut index = 0;
    let mut blocks = 0;
    for block in Pem::iter_from_buffer(bytes) {
        blocks += 1;
        match block {
            Ok(pem) if pem.label.ends_with("CERTIFICATE") => {
                reading.take(certificate(name, index, &pem.contents));
                index = index.saturating_add(1);
            }
            Ok(_) => {}
            Err(e) => reading.skip(format_args!("{name}: {e}")),
        }
    }
    if blocks == 0 {
        reading.skip(format_args!("{name}: neither PEM nor DER"));
    }
}

fn certificate(name: &str, index: u16, bytes: &[u8]) -> Result<Fact, String> {
    let (rest, x509) = parse_x509_certificate(bytes).map_err(|e| format!("{name}: certificate {index}: {e}"))?;
    let der = &bytes[..bytes.len() - rest.len()];
    let (key, key_bits) = key_of(x509.public_key());
    Ok(Fact::Certificate(Certificate {
        name: name.into(),
        index,
        authority: x509.is_ca(),
        fingerprint: Sha256::digest(der).into(),
        not_before: x509.validity().not_before.timestamp(),
        not_after: x509.validity().not_after.timestamp(),
        subject: x509.subject().to_string(),
        issuer: x509.issuer().to_string(),
        serial: x509.raw_serial().to_vec(),
        usage: usage_of(&x509),
        key,
        key_bits,
    }))
}

fn usage_of(x509: &X509Certificate) -> u32 {
    let basic = x509.key_usage().ok().flatten().map_or(0, |usage| u32::from(usage.value.flags));
    let Some(extended) = x509.extended_key_usage().ok().flatten() else {
        return basic;
    };
    let bit = |set: bool, at: u32| u32::from(set) << at;
    basic
        | bit(extended.value.server_auth, 16)
        | bit(extended.value.client_auth, 17)
        | bit(extended.value.code_signing, 18)
}

const KEYS: [(Oid<'static>, KeyKind, u16); 5] = [
    (oid!(1.2.840.10045.3.1.7), KeyKind::P256, 256),
    (oid!(1.3.132.0.34), KeyKind::P384, 384),
    (oid!(1.3.132.0.35), KeyKind::P521, 521),
    (oid!(1.3.101.112), KeyKind::Ed25519, 256),
    (oid!(1.3.101.113), KeyKind::Ed448, 456),
];

/// Kind and size in bits: by the curve if there is one, else by the algorithm itself.
fn key_of(key: &SubjectPublicKeyInfo) -> (KeyKind, u16) {
    const RSA: Oid<'static> = oid!(1.2.840.113549.1.1.1);
    let algorithm = &key.algorithm.algorithm;
    let curve = key.algorithm.parameters.as_ref().and_then(|any: &Any| any.as_oid().ok());
    let named = |oid: &Oid| KEYS.iter().find(|(known, ..)| known == oid).map(|&(_, kind, bits)| (kind, bits));
    let size = || key.parsed().map_or(0, |parsed| u16::try_from(parsed.key_size()).unwrap_or(u16::MAX));
    match curve.as_ref().and_then(named).or_else(|| named(algorithm)) {
        Some(found) => found,
        None if *algorithm == RSA => (KeyKind::Rsa, size()),
        None => (KeyKind::Other, size()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUNDLE: &[u8] = include_bytes!("../../samples/bundle.pem");
    const DER: &[u8] = include_bytes!("../../samples/rsa.der");

    fn all(bytes: &[u8]) -> (Vec<Certificate>, usize) {
        let mut reading = Reading::default();
        parse("/certs/file.pem", bytes, &mut reading);
        let certificate = |fact| match fact {
            Fact::Certificate(certificate) => certificate,
            other => panic!("not a certificate: {other:?}"),
        };
        (reading.facts.into_iter().map(certificate).collect(), reading.skipped)
    }

    #[test]
    fn a_bundle_yields_each_certificate_and_no_key() {
        let (found, skipped) = all(BUNDLE);
        assert_eq!(skipped, 0);
        let [server, authority] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((server.index, authority.index), (0, 1));
        assert_eq!((server.key, server.key_bits, server.authority), (KeyKind::P256, 256, false));
        assert_eq!((authority.key, authority.key_bits, authority.authority), (KeyKind::Ed25519, 256, true));
        assert_eq!(server.subject, "O=Example Works, CN=gateway.example");
        assert_eq!(server.issuer, authority.subject);
        assert_eq!(server.serial, [0x12, 0x34]);
        assert_eq!(server.usage, 0b1 | 1 << 16 | 1 << 17);
        assert_eq!((server.not_before, server.not_after), (1_704_067_200, 2_019_686_400));
    }

    #[test]
    fn der_is_read_too_and_the_fingerprint_is_that_of_openssl() {
        let (found, skipped) = all(DER);
        assert_eq!((found.len(), skipped), (1, 0));
        assert_eq!((found[0].key, found[0].key_bits), (KeyKind::Rsa, 2048));
        let hex: String = found[0].fingerprint.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, include_str!("../../samples/rsa.sha256").trim());
    }

    #[test]
    fn what_is_cut_off_or_garbage_is_counted() {
        assert_eq!(all(b"").1, 1);
        assert_eq!(all(b"just text\n").1, 1);
        assert_eq!(all(&DER[..DER.len() - 1]), (vec![], 1));
        for cut in (1..DER.len()).step_by(7) {
            assert_eq!(all(&DER[..cut]), (vec![], 1), "cut at {cut}");
        }
        let (found, skipped) = all(&BUNDLE[..BUNDLE.len() - 40]);
        assert!(found.len() < 2 && skipped == 1);
    }

    #[test]
    fn only_files_that_end_like_a_certificate_are_looked_into() {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in [
            ("b.crt", BUNDLE),
            ("a.DER", DER),
            ("notes.txt", b"no"),
            ("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
        ] {
            fs::write(root.path().join(name), bytes).unwrap();
        }
        fs::create_dir(root.path().join("sub.pem")).unwrap();
        let mut source = CertificateSource { root: Root(root.path().into()), folders: vec!["/".into()] };
        let reading = source.read().unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (3, 0));
        source.folders.push("/missing".into());
        let reading = source.read().unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (3, 1));
    }
}
