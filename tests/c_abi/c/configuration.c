/* What tidings_init takes and refuses, and the epoch store behind tidings_start. */
#include "check.h"

#include <string.h>

static device_t device;
static const uint8_t zeros[sizeof(tidings_agent_t)] = {0};

/* The configuration is refused, and the handle stays as it was. */
static void refused(const tidings_config_t *config, tidings_status_t wanted) {
    memset(&device.agent, 0, sizeof(device.agent));
    GIVES(wanted, tidings_init(&device.agent, config));
    CHECK(same_bytes(&device.agent, zeros, sizeof(zeros)));
}

#define REFUSED(wanted, field, value) \
    { \
        tidings_config_t tried = config_of(&device); \
        tried.field = value; \
        refused(&tried, wanted); \
    }

#define TAKEN(field, value) \
    { \
        tidings_config_t tried = config_of(&device); \
        tried.field = value; \
        GIVES(TIDINGS_OK, tidings_init(&device.agent, &tried)); \
        GIVES(TIDINGS_OK, tidings_deinit(&device.agent)); \
    }

static void test_fields(void) {
    const char *const id = "seventeen letters";
    REFUSED(TIDINGS_E_ABI, struct_size, 0)
    REFUSED(TIDINGS_E_ABI, struct_size, (uint32_t)sizeof(tidings_config_t) + 1)
    REFUSED(TIDINGS_E_ABI, abi, TIDINGS_ABI + 1)
    REFUSED(TIDINGS_E_ABI, abi, 0)
    REFUSED(TIDINGS_E_ID, id, tidings_bytes(id, 0))
    TAKEN(id, tidings_bytes(id, 1))
    TAKEN(id, tidings_bytes(id, 16))
    REFUSED(TIDINGS_E_ID, id, tidings_bytes(id, 17))
    REFUSED(TIDINGS_E_ID, id, tidings_bytes(id, SIZE_MAX))
    REFUSED(TIDINGS_E_NULL, id, tidings_bytes(NULL, 4))
    REFUSED(TIDINGS_E_KIND, expected, 0x10000u)
    TAKEN(expected, 0xFFFFu)
    REFUSED(TIDINGS_E_VALUE, profile, TIDINGS_PROFILE_NB_IOT + 1)
    TAKEN(profile, TIDINGS_PROFILE_NB_IOT)
    TAKEN(profile, TIDINGS_PROFILE_MQTT)
    TAKEN(profile, TIDINGS_PROFILE_UDP)
    TAKEN(profile, TIDINGS_PROFILE_SERIAL)
    REFUSED(TIDINGS_E_MTU, mtu, TIDINGS_MIN_MTU - 1)
    TAKEN(mtu, TIDINGS_MIN_MTU)
    TAKEN(mtu, TIDINGS_MAX_PACKET)
    REFUSED(TIDINGS_E_MTU, mtu, TIDINGS_MAX_PACKET + 1)
    REFUSED(TIDINGS_E_VALUE, hide_id, 2)
    TAKEN(hide_id, 1)
    REFUSED(TIDINGS_E_VALUE, one_way, 2)
    REFUSED(TIDINGS_E_VALUE, boot_event, TIDINGS_SEVERITY_CRITICAL + 2)
    TAKEN(boot_event, TIDINGS_SEVERITY_CRITICAL + 1)
    TAKEN(boot_reason, 255)
    TAKEN(bytes_per_hour, TIDINGS_NONE)
}

static void test_one_way(void) {
    tidings_config_t config = config_of(&device);
    config.one_way = 1;
#ifdef ONE_WAY /* the archive was built for links that cannot answer */
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
#else
    refused(&config, TIDINGS_E_UNSUPPORTED);
#endif
}

static void test_memory(void) {
    const tidings_config_t config = config_of(&device);
    REFUSED(TIDINGS_E_NULL, table, NULL)
    REFUSED(TIDINGS_E_NULL, events, NULL)
    REFUSED(TIDINGS_E_TOO_LONG, table_len, SIZE_MAX)
    REFUSED(TIDINGS_E_TOO_LONG, events_len, SIZE_MAX)
    REFUSED(TIDINGS_E_OVERLAP, table, &device.agent)
    REFUSED(TIDINGS_E_OVERLAP, events, &device.agent)
    REFUSED(TIDINGS_E_OVERLAP, events, device.table)
    REFUSED(TIDINGS_E_BUFFER, table_len, 0)
    REFUSED(TIDINGS_E_BUFFER, table_len, TIDINGS_TABLE_OVERHEAD - 1)
    TAKEN(table_len, TIDINGS_TABLE_OVERHEAD)
    TAKEN(table_len, TIDINGS_TABLE_OVERHEAD + 1)
    TAKEN(events_len, 0)
    TAKEN(events_len, 1)
    memset(&device.agent, 0, sizeof(device.agent));
    GIVES(TIDINGS_E_NULL, tidings_init(&device.agent, NULL));
    GIVES(TIDINGS_E_MISALIGNED, tidings_init(&device.agent, (const tidings_config_t *)(const void *)((const uint8_t *)&config + 1)));
    GIVES(TIDINGS_E_OVERLAP, tidings_init(&device.agent, (const tidings_config_t *)(const void *)&device.agent));
}

/* Any contents of the memory do. */
static void test_fills(void) {
    const int fills[] = {0x00, 0xA5, 0xFF};
    size_t at;
    for (at = 0; at < 3; at++) {
        const tidings_config_t config = config_of(&device);
        memset(&device, fills[at], sizeof(device));
        GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
        GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
        CHECK(same_bytes(&device.agent, zeros, sizeof(zeros)));
        GIVES(TIDINGS_E_HANDLE, tidings_deinit(&device.agent));
    }
}

static void starts(tidings_status_t wanted, store_t *store) {
    const tidings_epoch_store_t callbacks = store_of(store);
    const tidings_config_t config = config_of(&device);
    uint8_t packet[512];
    size_t len = 7;
    uint32_t epoch = 7;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(wanted, tidings_start(&device.agent, 0, &callbacks));
    GIVES(TIDINGS_OK, tidings_link_up(&device.agent, 0));
    GIVES(TIDINGS_OK, tidings_epoch(&device.agent, &epoch));
    GIVES(wanted == TIDINGS_OK ? TIDINGS_OK : TIDINGS_NOTHING, tidings_transmit(&device.agent, 0, packet, sizeof(packet), &len));
    CHECK((epoch > 0) == (wanted == TIDINGS_OK));
    CHECK((len > 0) == (wanted == TIDINGS_OK));
    store->fails = store->forgets = 0;
    if (store->epoch != UINT32_MAX) {
        GIVES(TIDINGS_OK, tidings_maintain(&device.agent, 1000, &callbacks));
        GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 100000, packet, sizeof(packet), &len));
    }
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

static void test_stores(void) {
    const tidings_config_t config = config_of(&device);
    tidings_epoch_store_t none = TIDINGS_ZERO;
    store_t store;
    memset(&store, 0, sizeof(store));
    starts(TIDINGS_OK, &store);
    starts(TIDINGS_OK, &store);
    CHECK(store.epoch >= 2);
    store.fails = 1;
    starts(TIDINGS_E_EPOCH_STORE, &store);
    store.forgets = 1;
    starts(TIDINGS_E_EPOCH_NOT_KEPT, &store);
    store.epoch = UINT32_MAX;
    starts(TIDINGS_E_EPOCH_EXHAUSTED, &store);
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_E_NULL, tidings_start(&device.agent, 0, &none));
    GIVES(TIDINGS_E_NULL, tidings_start(&device.agent, 0, NULL));
    GIVES(TIDINGS_E_NULL, tidings_maintain(&device.agent, 0, &none));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

static void test_provision(void) {
    store_t store;
    tidings_epoch_store_t callbacks = store_of(&store);
    memset(&store, 0, sizeof(store));
    GIVES(TIDINGS_E_NULL, tidings_provision(0, NULL));
    GIVES(TIDINGS_OK, tidings_provision(41, &callbacks));
    CHECK(store.has_epoch && store.epoch >= 41 && store.appends == 1);
    GIVES(TIDINGS_OK, tidings_provision(0, &callbacks));
    CHECK(store.appends == 1);
    store.fails = 1;
    GIVES(TIDINGS_E_EPOCH_STORE, tidings_provision(99, &callbacks));
    store.fails = 0;
    store.forgets = 1;
    GIVES(TIDINGS_E_EPOCH_NOT_KEPT, tidings_provision(UINT32_MAX - 5, &callbacks));
    callbacks.append = NULL;
    GIVES(TIDINGS_E_NULL, tidings_provision(0, &callbacks));
}

static void test_retained(void) {
    tidings_retained_t cell;
    uint32_t epoch = 7;
    memset(&cell, 0xA5, sizeof(cell));
    GIVES(TIDINGS_BLANK, tidings_retained_load(&cell, &epoch));
    CHECK(epoch == 7);
    GIVES(TIDINGS_OK, tidings_retained_append(&cell, 42));
    GIVES(TIDINGS_OK, tidings_retained_load(&cell, &epoch));
    CHECK(epoch == 42);
    GIVES(TIDINGS_E_NULL, tidings_retained_load(NULL, &epoch));
    GIVES(TIDINGS_E_NULL, tidings_retained_load(&cell, NULL));
    GIVES(TIDINGS_E_NULL, tidings_retained_append(NULL, 1));
    GIVES(TIDINGS_E_MISALIGNED, tidings_retained_append((uint8_t *)&cell + 1, 1));
    GIVES(TIDINGS_E_MISALIGNED, tidings_retained_load((uint8_t *)&cell + 1, &epoch));
}

/* The memory of a device as a type with a name, without room for events: events are counted, everything else works. */
typedef TIDINGS_DEVICE_TYPE(256, 0, TIDINGS_MIN_MTU) eventless_t;

static void test_eventless(void) {
    static eventless_t board;
    tidings_config_t config = TIDINGS_CONFIG(board);
    tidings_event_t event = short_event();
    tidings_stats_t stats = TIDINGS_ZERO;
    CHECK(sizeof(board.events) == 1);
    config.id = tidings_text("eventless");
    GIVES(TIDINGS_OK, tidings_init(&board.agent, &config));
    GIVES(TIDINGS_OK, TIDINGS_SERIAL(board));
    GIVES(TIDINGS_OK, tidings_event(&board.agent, &event));
    GIVES(TIDINGS_OK, tidings_stats(&board.agent, &stats));
    CHECK(stats.events_dropped == 1);
    GIVES(TIDINGS_OK, tidings_serial_deinit(&board.serial));
    GIVES(TIDINGS_OK, tidings_deinit(&board.agent));
}

void test_configuration(void) {
    test_eventless();
    test_fields();
    test_one_way();
    test_memory();
    test_fills();
    test_stores();
    test_provision();
    test_retained();
}
