/*
 * The epoch of a board without flash: the file `epoch` in the folder of the emulator, through semihosting.
 *
 * Promise: a number is appended with its complement, 8 bytes a boot; half a record is passed over. Not here: flash (../microbit/epoch.c).
 */
#include "../board.h"

#define SYS_OPEN 0x01u
#define SYS_CLOSE 0x02u
#define SYS_WRITE 0x05u
#define SYS_READ 0x06u
#define MODE_RB 1u /* of fopen */
#define MODE_AB 9u

struct record {
    uint32_t epoch;
    uint32_t complement;
};

/* A call of the emulator (Arm semihosting): its number in r0, its arguments where r1 says, what it returns in r0. */
static uintptr_t ask(uintptr_t call, const uintptr_t *arguments) {
    register uintptr_t r0 __asm("r0") = call;
    register const uintptr_t *r1 __asm("r1") = arguments;
    __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* A handle, or (uintptr_t)-1. */
static uintptr_t open_file(uintptr_t mode) {
    static const char name[] = "epoch";
    const uintptr_t arguments[3] = {(uintptr_t)name, mode, sizeof(name) - 1};
    return ask(SYS_OPEN, arguments);
}

tidings_status_t board_load_epoch(void *ctx, uint32_t *epoch) {
    tidings_status_t found = TIDINGS_BLANK;
    const uintptr_t file = open_file(MODE_RB);
    struct record record;
    const uintptr_t read[3] = {file, (uintptr_t)&record, sizeof(record)};
    (void)ctx;
    if (file == (uintptr_t)-1) {
        return TIDINGS_BLANK; /* no file yet */
    }
    while (ask(SYS_READ, read) == 0) { /* it returns what it did not read */
        if (record.complement == ~record.epoch) {
            *epoch = record.epoch;
            found = TIDINGS_OK;
        }
    }
    ask(SYS_CLOSE, &file);
    return found;
}

tidings_status_t board_append_epoch(void *ctx, uint32_t epoch) {
    const struct record record = {epoch, ~epoch};
    const uintptr_t file = open_file(MODE_AB);
    const uintptr_t write[3] = {file, (uintptr_t)&record, sizeof(record)};
    uintptr_t left;
    (void)ctx;
    if (file == (uintptr_t)-1) {
        return TIDINGS_E_EPOCH_STORE;
    }
    left = ask(SYS_WRITE, write);
    return ask(SYS_CLOSE, &file) == 0 && left == 0 ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}
