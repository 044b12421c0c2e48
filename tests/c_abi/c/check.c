/* Counts checks and prints those that do not hold; the store and the device that the tests share. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#ifdef UNDER_VALGRIND /* padding was never set: that is no fault, and here it is compared all the same */
#include <valgrind/memcheck.h>
#else
#define VALGRIND_MAKE_MEM_DEFINED_IF_ADDRESSABLE(memory, len) ((void)(memory), (void)(len))
#endif

static unsigned held;
static unsigned failed;

void check(int holds, const char *what, const char *file, int line) {
    if (holds) {
        held++;
        return;
    }
    failed++;
    printf("%s:%d: does not hold: %s\n", file, line, what);
}

void check_status(tidings_status_t wanted, tidings_status_t got, const char *what, const char *file, int line) {
    if (wanted == got) {
        held++;
        return;
    }
    failed++;
    printf("%s:%d: %s gives %d (%s), not %d (%s)\n", file, line, what, (int)got, tidings_status_str(got), (int)wanted,
           tidings_status_str(wanted));
}

int same_bytes(const void *left, const void *right, size_t len) {
    size_t at, differences = 0;
    for (at = 0; at < len; at++) {
        uint8_t a = ((const uint8_t *)left)[at], b = ((const uint8_t *)right)[at];
        VALGRIND_MAKE_MEM_DEFINED_IF_ADDRESSABLE(&a, 1);
        VALGRIND_MAKE_MEM_DEFINED_IF_ADDRESSABLE(&b, 1);
        differences += a != b;
    }
    return differences == 0;
}

int check_end(void) {
    printf("%u checks hold, %u do not\n", held, failed);
    return failed != 0 || held == 0;
}

static tidings_status_t load(void *ctx, uint32_t *epoch) {
    store_t *store = (store_t *)ctx;
    store->loads++;
    if (store->inside) {
        store->inside();
    }
    if (store->fails) {
        return -1;
    }
    if (!store->has_epoch) {
        return TIDINGS_BLANK;
    }
    *epoch = store->epoch;
    return TIDINGS_OK;
}

static tidings_status_t append(void *ctx, uint32_t epoch) {
    store_t *store = (store_t *)ctx;
    if (store->inside) {
        store->inside();
    }
    if (store->fails) {
        return -1;
    }
    store->appends++;
    if (!store->forgets) {
        store->epoch = epoch;
        store->has_epoch = 1;
    }
    return TIDINGS_OK;
}

tidings_epoch_store_t store_of(store_t *store) {
    tidings_epoch_store_t callbacks = TIDINGS_ZERO;
    callbacks.ctx = store;
    callbacks.load = load;
    callbacks.append = append;
    return callbacks;
}

static void look_inside(const queue_t *queue) {
    if (queue->inside) {
        queue->inside();
    }
}

static tidings_status_t append_record(void *ctx, const uint8_t *record, size_t len) {
    queue_t *queue = (queue_t *)ctx;
    look_inside(queue);
    queue->appends++;
    if (queue->append_fails) {
        return -1;
    }
    if (queue->forgets) {
        return TIDINGS_OK;
    }
    if (queue->count == QUEUE_RECORDS) {
        return TIDINGS_E_FULL;
    }
    memcpy(queue->records[queue->count], record, len);
    if (queue->mangles) {
        queue->records[queue->count][len - 1] ^= 1u;
    }
    queue->lens[queue->count++] = len;
    return TIDINGS_OK;
}

static tidings_status_t read_record(void *ctx, size_t index, uint8_t *record, size_t *len) {
    queue_t *queue = (queue_t *)ctx;
    look_inside(queue);
    queue->reads++;
    if (queue->read_fails) {
        return -1;
    }
    if (queue->repeats && queue->count) {
        index %= queue->count;
    }
    if (index >= queue->count) {
        return TIDINGS_NOTHING;
    }
    if (queue->reverses) {
        index = queue->count - 1 - index;
    }
    memcpy(record, queue->records[index], queue->lens[index]);
    *len = queue->overlong ? TIDINGS_MAX_RECORD + 1 : queue->lens[index];
    return TIDINGS_OK;
}

static tidings_status_t remove_record(void *ctx, size_t index) {
    queue_t *queue = (queue_t *)ctx;
    look_inside(queue);
    queue->removes++;
    CHECK(index < queue->count);
    if (queue->remove_fails || index >= queue->count) {
        return -1;
    }
    if (queue->clings) {
        return TIDINGS_OK;
    }
    for (queue->count--; index < queue->count; index++) {
        memcpy(queue->records[index], queue->records[index + 1], TIDINGS_MAX_RECORD);
        queue->lens[index] = queue->lens[index + 1];
    }
    return TIDINGS_OK;
}

tidings_event_store_t queue_of(queue_t *queue) {
    tidings_event_store_t callbacks = TIDINGS_ZERO;
    callbacks.ctx = queue;
    callbacks.append = append_record;
    callbacks.read = read_record;
    callbacks.remove = remove_record;
    callbacks.least = TIDINGS_SEVERITY_WARNING;
    return callbacks;
}

tidings_config_t config_of(device_t *device) {
    tidings_config_t config = tidings_config(device->table, sizeof(device->table), device->events, sizeof(device->events));
    config.id = tidings_text("c-tests");
    config.profile = TIDINGS_PROFILE_TCP;
    config.spread_ms = TIDINGS_NONE;
    return config;
}
