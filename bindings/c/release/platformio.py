"""Links the archive for the board's processor. PlatformIO runs this; `Import` is its own."""

import os

Import("env")  # noqa: F821

CORES = {
    "cortex-m0": "thumbv6m-none-eabi",
    "cortex-m0plus": "thumbv6m-none-eabi",
    "cortex-m3": "thumbv7m-none-eabi",
    "cortex-m4": "thumbv7em-none-eabi",
    "cortex-m7": "thumbv7em-none-eabi",
    "cortex-m23": "thumbv8m.base-none-eabi",
    "cortex-m33": "thumbv8m.main-none-eabi",
}
PARTS = {
    "esp32c2": "riscv32imc-unknown-none-elf",
    "esp32c3": "riscv32imc-unknown-none-elf",
    "esp32c5": "riscv32imac-unknown-none-elf",
    "esp32c6": "riscv32imac-unknown-none-elf",
    "esp32c61": "riscv32imac-unknown-none-elf",
    "esp32h2": "riscv32imac-unknown-none-elf",
}
WITH_HARD_FLOAT = {"thumbv7em-none-eabi", "thumbv8m.main-none-eabi"}

board = env.BoardConfig()  # noqa: F821
target = CORES.get(board.get("build.cpu", "")) or PARTS.get(board.get("build.mcu", ""))
if target in WITH_HARD_FLOAT and "-mfloat-abi=hard" in env.get("CCFLAGS", []):  # noqa: F821
    target += "hf"
folder = os.path.join(os.path.realpath("lib"), target or "")  # it runs in the library's own folder
if not target or not os.path.isfile(os.path.join(folder, "libtidings.a")):
    raise SystemExit("tidings: no archive for this board (%s, %s)" % (board.get("build.cpu", "?"), board.get("build.mcu", "?")))
env.Append(LIBPATH=[folder], LIBS=["tidings"])  # noqa: F821
