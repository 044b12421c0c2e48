/*
 * An event store in a file of slots, a record each; FRAM, EEPROM or a flash with a page for each slot take the same form.
 *
 * Promise: a record is there whole or not at all, wherever the power goes, and no write touches another one: a slot counts if its check sum is right.
 * Numbers tell their order. A full store refuses. Not here: wear; a slot is written twice for each event that went through it.
 */
#define _POSIX_C_SOURCE 200809L

#include "event_file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 32u

typedef struct {
    uint32_t number; /* grows with each record */
    uint32_t check;  /* over the slot with 0 in its place */
    uint8_t record[TIDINGS_MAX_RECORD];
    uint8_t len;
    uint8_t unused[2];
} slot_t;

enum { FREE = 0, HELD = 1, FAILED = -1 };

static uint32_t crc32(const void *bytes, size_t len) {
    const uint8_t *next = (const uint8_t *)bytes;
    uint32_t crc = 0xFFFFFFFFu;
    while (len--) {
        int bit;
        crc ^= *next++;
        for (bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1u ? 0xEDB88320u : 0u);
        }
    }
    return ~crc;
}

static off_t offset_of(size_t at) {
    return (off_t)(at * sizeof(slot_t));
}

static int load(const event_file_t *store, size_t at, slot_t *slot) {
    const ssize_t len = pread(store->file, slot, sizeof(*slot), offset_of(at));
    uint32_t check;
    if (len != (ssize_t)sizeof(*slot)) {
        return len < 0 ? FAILED : FREE; /* the file grows as slots are used */
    }
    check = slot->check;
    slot->check = 0;
    return check == crc32(slot, sizeof(*slot)) && slot->len <= TIDINGS_MAX_RECORD ? HELD : FREE;
}

/* The slot of the record with so many before it; SLOTS if there is none, more if the file cannot be read. */
static size_t find(const event_file_t *store, size_t index, slot_t *slot) {
    uint32_t above = 0;
    size_t found = SLOTS;
    do {
        uint32_t lowest = UINT32_MAX;
        size_t at;
        found = SLOTS;
        for (at = 0; at < SLOTS; at++) {
            const int state = load(store, at, slot);
            if (state == FAILED) {
                return SLOTS + 1;
            }
            if (state == HELD && slot->number > above && slot->number < lowest) {
                lowest = slot->number;
                found = at;
            }
        }
        above = lowest;
    } while (found < SLOTS && index--);
    return found < SLOTS && load(store, found, slot) != HELD ? SLOTS + 1 : found;
}

static tidings_status_t put(const event_file_t *store, size_t at, const slot_t *slot) {
    const int done = pwrite(store->file, slot, sizeof(*slot), offset_of(at)) == (ssize_t)sizeof(*slot);
    return done && fsync(store->file) == 0 ? TIDINGS_OK : TIDINGS_E_EVENT_STORE;
}

static tidings_status_t append(void *ctx, const uint8_t *record, size_t len) {
    const event_file_t *store = (const event_file_t *)ctx;
    slot_t slot;
    uint32_t number = 0;
    size_t at, unused = SLOTS;
    for (at = 0; at < SLOTS; at++) {
        const int state = load(store, at, &slot);
        if (state == FAILED) {
            return TIDINGS_E_EVENT_STORE;
        }
        if (state == FREE && unused == SLOTS) {
            unused = at;
        }
        if (state == HELD && slot.number > number) {
            number = slot.number;
        }
    }
    if (unused == SLOTS) {
        return TIDINGS_E_FULL;
    }
    memset(&slot, 0, sizeof(slot));
    slot.number = number + 1;
    slot.len = (uint8_t)len;
    memcpy(slot.record, record, len);
    slot.check = crc32(&slot, sizeof(slot));
    return put(store, unused, &slot);
}

static tidings_status_t read_record(void *ctx, size_t index, uint8_t *record, size_t *len) {
    slot_t slot;
    const size_t at = find((const event_file_t *)ctx, index, &slot);
    if (at >= SLOTS) {
        return at == SLOTS ? TIDINGS_NOTHING : TIDINGS_E_EVENT_STORE;
    }
    *len = slot.len;
    memcpy(record, slot.record, slot.len);
    return TIDINGS_OK;
}

static tidings_status_t remove_record(void *ctx, size_t index) {
    const event_file_t *store = (const event_file_t *)ctx;
    slot_t slot;
    const size_t at = find(store, index, &slot);
    if (at >= SLOTS) {
        return TIDINGS_E_EVENT_STORE;
    }
    memset(&slot, 0, sizeof(slot)); /* no check sum is 0 here */
    return put(store, at, &slot);
}

int event_file_open(event_file_t *store, const char *path) {
    store->file = open(path, O_RDWR | O_CREAT, 0600);
    return store->file >= 0;
}

tidings_event_store_t event_file_callbacks(event_file_t *store, uint8_t least) {
    tidings_event_store_t callbacks;
    callbacks.ctx = store;
    callbacks.append = append;
    callbacks.read = read_record;
    callbacks.remove = remove_record;
    callbacks.least = least;
    return callbacks;
}
