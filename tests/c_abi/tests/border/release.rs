//! A stranger with the release folder and no Rust: every way in that its README names.
//!
//! The SDKs of Zephyr, ESP-IDF and PlatformIO are not here: their files run against stand-ins that record what they are asked for.

use crate::readme::decoded;
use crate::workshop::{done, folder};
use object::read::archive::ArchiveFile;
use object::{File, Object, ObjectSymbol};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;
use tidings_c_abi::notices;
use tidings_c_abi::program::program;
use tidings_c_abi::release;
use tidings_c_abi::target::{DEVICES, host};

fn made() -> &'static Path {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    RELEASE.get_or_init(|| release::make().expect("the release is made"))
}

/// A machine with the release, its system's programs, and nothing of Rust.
struct Stranger {
    home: TempDir,
}

impl Stranger {
    fn new() -> Self {
        let home = folder();
        let mut names = Vec::new();
        release::list(made(), made(), &mut names).expect("the release is there");
        for name in names {
            let to = home.path().join("tidings").join(&name);
            fs::create_dir_all(to.parent().expect("a folder")).expect("ours");
            fs::copy(made().join(&name), to).expect("ours");
        }
        let programs = home.path().join("bin");
        fs::create_dir(&programs).expect("ours");
        for entry in
            ["/usr/bin", "/bin", "/usr/local/bin"].iter().filter_map(|room| fs::read_dir(room).ok()).flatten().flatten()
        {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !["cargo", "rustc", "rustup"].iter().any(|of_rust| name.starts_with(of_rust)) {
                let _ = symlink(entry.path(), programs.join(name)); // the first of a name counts
            }
        }
        Self { home }
    }

    fn release(&self) -> PathBuf {
        self.home.path().join("tidings")
    }

    /// Runs lines of a shell in a folder, and fails with the first that fails.
    fn types(&self, folder: &Path, lines: &str) -> String {
        let mut shell = program("/bin/sh", folder);
        shell.env_clear().env("PATH", self.home.path().join("bin")).env("HOME", self.home.path());
        done(shell.args(["-euc", lines]))
    }

    /// A project of its own beside the release.
    fn project(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let project = self.home.path().join(name);
        fs::create_dir(&project).expect("ours");
        fs::copy(self.release().join("examples/hello.c"), project.join("hello.c")).expect("ours");
        for (file, text) in files {
            fs::write(project.join(file), text).expect("ours");
        }
        project
    }
}

fn last_line(printed: &str) -> &str {
    printed.lines().last().unwrap_or_default()
}

#[test]
fn hello_runs_by_the_lines_of_its_readme() {
    let stranger = Stranger::new();
    assert_eq!(stranger.types(&stranger.release(), "! command -v cargo && ! command -v rustc && echo none"), "none\n");
    let readme = fs::read_to_string(stranger.release().join("README.md")).expect("it is there");
    let (_, rest) = readme.split_once("```sh\n").expect("a block of shell");
    let printed = stranger.types(&stranger.release(), rest.split_once("```").expect("its end").0);
    decoded(last_line(&printed));
}

#[test]
fn checksums_hold_for_every_file() {
    let stranger = Stranger::new();
    let printed = stranger.types(&stranger.release(), "sha256sum --check SHA256SUMS");
    let mut names = Vec::new();
    release::list(&stranger.release(), &stranger.release(), &mut names).expect("it is there");
    assert_eq!(printed.lines().filter(|line| line.ends_with(": OK")).count(), names.len() - 1, "{printed}");
}

const CMAKE: &str = "cmake_minimum_required(VERSION 3.16)\nproject(app C)\n@HOW@\nadd_executable(hello hello.c)\n\
    target_link_libraries(hello tidings::tidings)\n";

#[test]
fn cmake_finds_the_package() {
    let stranger = Stranger::new();
    let how = format!("find_package(tidings {} REQUIRED)", release::version());
    let project = stranger.project("finds", &[("CMakeLists.txt", &CMAKE.replace("@HOW@", &how))]);
    let lines = "cmake -B out -DCMAKE_PREFIX_PATH=../tidings >/dev/null && cmake --build out >/dev/null && out/hello";
    decoded(last_line(&stranger.types(&project, lines)));
}

#[test]
fn cmake_refuses_another_version() {
    let stranger = Stranger::new();
    let project = stranger
        .project("refuses", &[("CMakeLists.txt", &CMAKE.replace("@HOW@", "find_package(tidings 9.0 REQUIRED)"))]);
    let said = stranger.types(&project, "cmake -B out -DCMAKE_PREFIX_PATH=../tidings 2>&1 || echo refused");
    assert!(said.ends_with("refused\n") && said.contains("tidings-config.cmake, version"), "{said}");
}

#[test]
fn cmake_takes_it_as_a_subdirectory() {
    let stranger = Stranger::new();
    let project = stranger
        .project("adds", &[("CMakeLists.txt", &CMAKE.replace("@HOW@", "add_subdirectory(../tidings tidings)"))]);
    decoded(last_line(
        &stranger.types(&project, "cmake -B out >/dev/null && cmake --build out >/dev/null && out/hello"),
    ));
}

#[test]
fn cmake_crosses_with_a_target_and_says_which_there_are() {
    let stranger = Stranger::new();
    let toolchain = "set(CMAKE_SYSTEM_NAME Generic)\nset(CMAKE_C_COMPILER arm-none-eabi-gcc)\n\
        set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)\nset(CMAKE_C_FLAGS_INIT \"-mcpu=cortex-m4 -mthumb\")\n\
        set(CMAKE_EXE_LINKER_FLAGS_INIT \"--specs=rdimon.specs\")\n";
    let how = "find_package(tidings REQUIRED)";
    let project =
        stranger.project("crosses", &[("CMakeLists.txt", &CMAKE.replace("@HOW@", how)), ("arm.cmake", toolchain)]);
    let configure = "cmake -DCMAKE_TOOLCHAIN_FILE=arm.cmake -Dtidings_DIR=$PWD/../tidings/lib/cmake/tidings";
    let said = stranger.types(&project, &format!("{configure} -B none 2>&1 || echo refused"));
    assert!(said.ends_with("refused\n") && said.contains("thumbv6m-none-eabi"), "{said}");
    stranger.types(&project, &format!("{configure} -DTIDINGS_TARGET=thumbv7em-none-eabi -B out && cmake --build out"));
}

#[test]
fn pkg_config_knows_it() {
    let stranger = Stranger::new();
    let project = stranger.project("asks", &[]);
    let lines = "PKG_CONFIG_PATH=../tidings/lib/pkgconfig; export PKG_CONFIG_PATH; pkg-config --modversion tidings; \
        gcc -std=c11 hello.c $(pkg-config --cflags --libs tidings) -o hello && ./hello";
    let printed = stranger.types(&project, lines);
    assert_eq!(printed.lines().next(), Some(release::version()));
    decoded(last_line(&printed));
}

/// Runs a CMake file of the release where an SDK's functions only print what they are given.
fn with_stand_ins(stranger: &Stranger, stand_ins: &str, file: &str, settings: &[&str]) -> String {
    let script = stranger.home.path().join("stand-in.cmake");
    fs::write(&script, format!("{stand_ins}\ninclude({})\n", stranger.release().join(file).display())).expect("ours");
    let settings: String = settings.iter().map(|setting| format!("-D{setting} ")).collect();
    stranger.types(stranger.home.path(), &format!("cmake {settings} -P stand-in.cmake 2>&1 || echo refused"))
}

#[test]
fn zephyr_gets_the_archive_of_its_core() {
    let stranger = Stranger::new();
    let stand_ins = "function(zephyr_include_directories)\nmessage(\"include ${ARGV}\")\nendfunction()\n\
        function(zephyr_library_import)\nmessage(\"import ${ARGV}\")\nendfunction()";
    let ask = |settings: &[&str]| with_stand_ins(&stranger, stand_ins, "zephyr/CMakeLists.txt", settings);
    for (settings, target) in [
        (&["CONFIG_CPU_CORTEX_M0PLUS=1"][..], "thumbv6m-none-eabi"),
        (&["CONFIG_CPU_CORTEX_M3=1"], "thumbv7m-none-eabi"),
        (&["CONFIG_CPU_CORTEX_M4=1"], "thumbv7em-none-eabi"),
        (&["CONFIG_CPU_CORTEX_M7=1", "CONFIG_FP_HARDABI=1"], "thumbv7em-none-eabihf"),
        (&["CONFIG_CPU_CORTEX_M23=1"], "thumbv8m.base-none-eabi"),
        (&["CONFIG_CPU_CORTEX_M33=1", "CONFIG_FP_HARDABI=1"], "thumbv8m.main-none-eabihf"),
        (&["CONFIG_RISCV=1", "CONFIG_RISCV_ISA_EXT_A=1"], "riscv32imac-unknown-none-elf"),
        (&["CONFIG_RISCV=1"], "riscv32imc-unknown-none-elf"),
    ] {
        let said = ask(&[&["CONFIG_TIDINGS=1"], settings].concat());
        assert!(
            said.contains(&format!("/lib/{target}/libtidings.a")) && !said.contains("refused"),
            "{settings:?}: {said}"
        );
        assert!(made().join("lib").join(target).join("libtidings.a").is_file(), "{target}");
    }
    assert!(ask(&["CONFIG_TIDINGS=1", "CONFIG_XTENSA=1"]).ends_with("refused\n"));
    assert_eq!(ask(&["CONFIG_CPU_CORTEX_M4=1"]), "", "switched off it does nothing");
}

#[test]
fn esp_idf_gets_the_archive_of_its_part() {
    let stranger = Stranger::new();
    let stand_ins = "set(COMPONENT_LIB app)\nfunction(idf_component_register)\nendfunction()\n\
        function(add_prebuilt_library)\nmessage(\"prebuilt ${ARGV}\")\nendfunction()\n\
        function(target_link_libraries)\nmessage(\"link ${ARGV}\")\nendfunction()";
    let ask = |part: &str| {
        with_stand_ins(&stranger, stand_ins, "CMakeLists.txt", &["ESP_PLATFORM=1", &format!("IDF_TARGET={part}")])
    };
    let c3 = ask("esp32c3");
    assert!(c3.contains("/lib/riscv32imc-unknown-none-elf/libtidings.a") && c3.contains("link app;INTERFACE"), "{c3}");
    assert!(ask("esp32c6").contains("/lib/riscv32imac-unknown-none-elf/libtidings.a"));
    for without in ["esp32", "esp32s3", "esp32p4"] {
        assert!(ask(without).ends_with("refused\n"), "{without}");
    }
}

#[test]
fn platformio_gets_the_archive_of_its_board() {
    let stranger = Stranger::new();
    let library: Value =
        serde_json::from_slice(&fs::read(stranger.release().join("library.json")).expect("there")).expect("JSON");
    assert_eq!(library["version"], release::version());
    let stand_in = "import sys\nclass Env(dict):\n  def BoardConfig(self): return {'build.cpu': sys.argv[1], 'build.mcu': sys.argv[2]}\n  \
        def Append(self, **more): print(more['LIBPATH'][0], more['LIBS'][0])\n\
        env = Env(CCFLAGS=sys.argv[3:])\nscript = open('platformio.py').read()\nexec(script, {'env': env, 'Import': lambda name: None})\n";
    fs::write(stranger.release().join("stand-in.py"), stand_in).expect("ours");
    let ask =
        |board: &str| stranger.types(&stranger.release(), &format!("python3 stand-in.py {board} 2>&1 || echo refused"));
    for (board, target) in [
        ("cortex-m0plus rp2040", "thumbv6m-none-eabi"),
        ("cortex-m4 stm32f4", "thumbv7em-none-eabi"),
        ("cortex-m4 stm32f4 -mfloat-abi=hard", "thumbv7em-none-eabihf"),
        ("cortex-m23 gd32e230", "thumbv8m.base-none-eabi"),
        ("'' esp32c2", "riscv32imc-unknown-none-elf"),
        ("'' esp32c3", "riscv32imc-unknown-none-elf"),
        ("'' esp32c5", "riscv32imac-unknown-none-elf"),
        ("'' esp32c61", "riscv32imac-unknown-none-elf"),
    ] {
        assert!(ask(board).ends_with(&format!("/lib/{target} tidings\n")), "{board}: {}", ask(board));
    }
    assert!(ask("'' esp32").ends_with("refused\n"));
}

#[test]
fn every_core_has_its_archives() {
    for target in [host().expect("a host")].iter().chain(&DEVICES) {
        for place in ["", "one-way/"] {
            let archive = format!("lib/{}/{place}libtidings.a", target.name);
            assert!(made().join(&archive).is_file(), "{archive}");
        }
    }
}

#[test]
fn a_link_without_answers_has_its_archive() {
    let stranger = Stranger::new();
    let program = "#include <tidings.h>\nTIDINGS_DEVICE(device, 256, 0, 256);\nint main(void) {\n\
        tidings_config_t config = TIDINGS_CONFIG(device);\n\
        config.id = tidings_text(\"deaf\");\n\
        config.one_way = 1;\n\
        return tidings_init(&device.agent, &config) == TIDINGS_OK ? 0 : 1; }\n";
    fs::write(stranger.release().join("deaf.c"), program).expect("ours");
    let host = host().expect("a host").name;
    for (place, outcome) in [("one-way/", "taken\n"), ("", "refused\n")] {
        let line = format!(
            "gcc -I include deaf.c lib/{host}/{place}libtidings.a -o deaf && (./deaf && echo taken || echo refused)"
        );
        assert_eq!(stranger.types(&stranger.release(), &line), outcome);
    }
}

#[test]
fn every_part_is_in_the_list_and_has_its_licence() {
    let sbom: Value = serde_json::from_slice(&fs::read(made().join("sbom.cdx.json")).expect("there")).expect("JSON");
    assert_eq!((&sbom["bomFormat"], &sbom["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let components = sbom["components"].as_array().expect("components");
    let text = fs::read_to_string(made().join("THIRD-PARTY.md")).expect("there");
    let parts = notices::parts().expect("cargo answers");
    let cores = notices::cores().expect("rustc answers");
    assert_eq!(components.len(), parts.len() + cores.len(), "the parts, and Rust's own core");
    assert!(cores.iter().all(|core| components.iter().any(|component| component["version"] == **core)), "{cores:?}");
    for part in parts {
        let is_it = |component: &&Value| component["name"] == part.name && component["version"] == part.version;
        let component = components.iter().find(is_it).unwrap_or_else(|| panic!("{part:?} is not in the list"));
        assert_eq!(component["purl"], format!("pkg:cargo/{}@{}", part.name, part.version));
        assert_eq!(
            part.is_ours(),
            !text.contains(&format!("- {} {}: {}", part.name, part.version, part.licence)),
            "{part:?}"
        );
    }
}

/// The crate that a mangled name begins with: `_ZN` and the length of its first part, which is a crate or an `impl` of a crate's type.
fn crate_of(symbol: &str) -> Option<&str> {
    let path = symbol.strip_prefix("_ZN")?;
    let rest = path.trim_start_matches(|c: char| c.is_ascii_digit());
    let length: usize = path[..path.len() - rest.len()].parse().ok()?;
    let part = rest.get(..length)?;
    let ends = |part: &str| part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
    match part.strip_prefix("_$LT$") {
        None => Some(&part[..ends(part)]),
        // A type of a crate is a path; numbers and references are none.
        Some(of) => of[ends(of)..].starts_with("..").then(|| &of[..ends(of)]),
    }
}

#[test]
fn every_crate_whose_code_is_in_the_archive_is_in_the_list() {
    let bytes = fs::read(made().join("lib/thumbv7em-none-eabi/libtidings.a")).expect("there");
    let archive = ArchiveFile::parse(&*bytes).expect("an archive");
    let member = archive.members().next().expect("one member").expect("sound");
    let object = File::parse(member.data(&*bytes).expect("data")).expect("an object");
    let names: Vec<_> = object.symbols().filter_map(|symbol| symbol.name().ok().and_then(crate_of)).collect();
    let seen: BTreeSet<&str> = names.into_iter().filter(|name| !["core", "compiler_builtins"].contains(name)).collect();
    assert!(["tidings", "tidings_wire", "poly1305", "ascon_aead"].iter().all(|name| seen.contains(name)), "{seen:?}");
    let known: BTreeSet<String> =
        notices::parts().expect("cargo").iter().map(|part| part.name.replace('-', "_")).collect();
    assert!(seen.iter().all(|name| known.contains(*name)), "{seen:?}");
}

#[test]
fn it_tells_nothing_of_the_machine_that_made_it() {
    let mut names = Vec::new();
    release::list(made(), made(), &mut names).expect("there");
    let root = tidings_c_abi::rooms::root().to_string_lossy().into_owned();
    for name in names {
        let bytes = fs::read(made().join(&name)).expect("there");
        assert!(!bytes.windows(root.len()).any(|part| part == root.as_bytes()), "{name}");
        assert!(!bytes.windows(9).any(|part| part == b"@VERSION@"), "{name}");
    }
    let unpacked = Command::new("ar").arg("t").arg(made().join("lib/thumbv7em-none-eabi/libtidings.a")).output();
    assert_eq!(String::from_utf8_lossy(&unpacked.expect("binutils").stdout), "tidings.o\n");
}
