//! What secrets leave behind: `script/traces.c` searches the stack on which keys were taken in.

use crate::workshop::{archive_here, compiler, done, folder, made};
use tidings_c_abi::rooms;

#[test]
fn keys_leave_no_copy_on_the_stack() {
    let (here, sources) = (folder(), rooms::root().join("tests/c_abi"));
    let mut gcc = compiler("gcc", here.path());
    gcc.args(["-std=c11", "-pthread"]);
    gcc.args(["script/traces.c", "c/samples.c", "c/check.c"].map(|file| sources.join(file)));
    done(gcc.arg(archive_here()).args(["-o", "program"]));
    let printed = done(&mut made(here.path()));
    assert!(printed.contains(" checks hold, 0 do not"), "{printed}");
}
