/*
 * A device that calls the archive as the Rust images of tests/size call the crate: the same memory, the same main loop, inputs that no optimiser knows.
 *
 * Promise: an image costs what it calls of this and no more. It never runs. Not here: start-up code, which is not measured.
 */
#include "tidings.h"

#define FACTS (32 * TIDINGS_FACT_BYTES(4, 9)) /* as in src/device.rs */
#define EVENTS (8 * TIDINGS_EVENT_BYTES(8, 12))
#define RECEIVED 128u

static struct {
    tidings_agent_t agent;
    uint8_t table[TIDINGS_TABLE_OVERHEAD + FACTS];
    uint8_t events[EVENTS];
    tidings_retained_t epoch;
    uint8_t received[RECEIVED];
} device;

/* What an application may have somewhere, and outcomes that somebody uses; making them is not measured. */
static const void *volatile given;
static void *volatile lent;
static volatile uint64_t unknown;
static volatile tidings_status_t outcome;

/* A configuration that is constant: in flash, without code that fills it in. */
#define CONSTANT_CONFIG \
    .struct_size = sizeof(tidings_config_t), .abi = TIDINGS_ABI, .table = device.table, .table_len = sizeof(device.table), \
    .events = device.events, .events_len = sizeof(device.events), .id = {"device", 6}

/* One packet out and one in, as on a datagram link. */
static inline void exchange(void) {
    size_t len;
    uint8_t synced;
    outcome = tidings_transmit(&device.agent, unknown, lent, TIDINGS_MIN_MTU, &len);
    outcome = tidings_receive(&device.agent, unknown, device.received, sizeof(device.received));
    outcome = tidings_is_synced(&device.agent, &synced);
}

/* Starts the agent as `config` says, then calls `turn` for ever. */
static inline void run(const tidings_config_t *config, void (*turn)(void)) {
    const tidings_epoch_store_t store = {&device.epoch, tidings_retained_load, tidings_retained_append};
    outcome = tidings_init(&device.agent, config);
    outcome = tidings_start(&device.agent, unknown, &store);
    for (;;) {
        uint64_t deadline;
        outcome = tidings_maintain(&device.agent, unknown, &store);
        turn();
        outcome = tidings_next_deadline(&device.agent, &deadline);
        unknown = deadline;
    }
}

void start(void);
