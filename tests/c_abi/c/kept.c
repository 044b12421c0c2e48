/*
 * Events that outlive power: told again after everything but the store was lost, given up once the host has them; and stores that fail, in each way.
 *
 * The host is played here, in plain: it takes the device's last packet and answers that it holds so many events.
 */
#include "check.h"

#include <string.h>

#define WARNING TIDINGS_SEVERITY_WARNING
#define MANY_EVENTS 1024u

static struct {
    tidings_agent_t agent;
    uint64_t table[64];
    uint64_t events[MANY_EVENTS / 8u];
} device;
static tidings_kept_events_t kept;
static queue_t queue;
static store_t epochs;
static uint8_t packet[512];
static size_t packet_len;

static tidings_config_t configure(size_t event_bytes) {
    tidings_config_t config = tidings_config(device.table, sizeof(device.table), device.events, event_bytes);
    config.id = tidings_text("c-tests");
    config.profile = TIDINGS_PROFILE_TCP;
    config.spread_ms = config.load_ms = TIDINGS_NONE;
    return config;
}

/* Power comes back: all of RAM is new, both stores are as they were. */
static void power_up(size_t event_bytes) {
    const tidings_epoch_store_t callbacks = store_of(&epochs);
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_config_t config = configure(event_bytes);
    memset(&device, 0, sizeof(device));
    memset(&kept, 0, sizeof(kept));
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&kept, &records));
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 0, &callbacks));
}

static void begin(void) {
    memset(&queue, 0, sizeof(queue));
    memset(&epochs, 0, sizeof(epochs));
    power_up(MANY_EVENTS);
}

static uint32_t crc32(const uint8_t *bytes, size_t len) {
    uint32_t crc = 0xFFFFFFFFu;
    while (len--) {
        int bit;
        crc ^= *bytes++;
        for (bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1u ? 0xEDB88320u : 0u);
        }
    }
    return ~crc;
}

/* The next packet, however long the agent waits before it. */
static void transmit(void) {
    uint64_t at = 0;
    GIVES(TIDINGS_OK, tidings_next_deadline(&device.agent, &at));
    packet_len = 0;
    CHECK(at < UINT64_MAX && tidings_transmit(&device.agent, at, packet, sizeof(packet), &packet_len) == TIDINGS_OK);
}

/* Answers the last packet: so many warnings are held. Small numbers alone, each a byte; the packet has no kid. */
static void answer(uint8_t warnings) {
    uint8_t bytes[64];
    const size_t id_end = packet_len ? 2u + packet[1] : 0;
    const uint8_t ctr = packet[id_end + 1];
    size_t len = id_end + 1, at;
    uint32_t crc;
    CHECK(packet_len > id_end + 2 && (packet[0] & 0x13u) == 1 && packet[id_end] < 0x80 && ctr < 0x80);
    memcpy(bytes, packet, len);
    bytes[0] |= 0x10;
    bytes[len++] = 0; /* Ack */
    bytes[len++] = ctr;
    memset(bytes + len, 0, 7); /* flags, applied, want, marks */
    bytes[len + 3 + WARNING] = warnings;
    len += 7;
    crc = crc32(bytes, len);
    for (at = 0; at < 4; at++) {
        bytes[len++] = (uint8_t)(crc >> 8 * at);
    }
    GIVES(TIDINGS_OK, tidings_receive(&device.agent, 1, bytes, len));
}

/* Whether the last packet has these bytes in it. */
static int tells(const void *wanted, size_t len) {
    size_t at;
    for (at = 0; at + len <= packet_len; at++) {
        if (memcmp(packet + at, wanted, len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The event of the samples with this origin; its uptime is 0. */
static int tells_kept(uint8_t epoch, uint8_t number) {
    uint8_t wanted[] = "door open...";
    wanted[9] = epoch;
    wanted[10] = number;
    wanted[11] = 0;
    return tells(wanted, 12);
}

static tidings_status_t keep(void) {
    const tidings_event_t event = sample_event();
    return tidings_event_kept(&device.agent, &kept, &event);
}

static tidings_status_t maintain(void) {
    return tidings_maintain_events(&device.agent, &kept);
}

/* What was OK arrives after a loss of power, under the origin of its first life, and leaves the store once the host has it. */
static void test_outlives_power(void) {
    begin();
    GIVES(TIDINGS_OK, keep());
    GIVES(TIDINGS_OK, keep());
    CHECK(queue.count == 2 && queue.appends == 2);
    power_up(MANY_EVENTS); /* before a packet left */
    GIVES(TIDINGS_OK, maintain());
    transmit(); /* Hello */
    answer(0);
    transmit();
    CHECK(tells_kept(1, 1) && tells_kept(1, 2));
    power_up(MANY_EVENTS); /* told, but nobody heard */
    GIVES(TIDINGS_OK, keep());
    transmit();
    answer(0);
    transmit();
    CHECK(tells_kept(1, 1) && tells_kept(1, 2) && tells_kept(3, 1));
    CHECK(queue.count == 3 && queue.removes == 0);
    answer(2);
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.count == 1 && queue.removes == 2);
    queue.reads = 0;
    GIVES(TIDINGS_OK, maintain()); /* nothing changed: nothing is asked */
    CHECK(queue.reads == 0);
    transmit();
    CHECK(!tells_kept(1, 2) && tells_kept(3, 1));
    answer(3);
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.count == 0);
    power_up(MANY_EVENTS);
    GIVES(TIDINGS_OK, maintain());
    transmit();
    answer(3);
    CHECK(tidings_transmit(&device.agent, 2, packet, sizeof(packet), &packet_len) == TIDINGS_NOTHING || !tells("door open", 9));
}

/* Less severe ones never touch the store. */
static void test_least(void) {
    tidings_event_t event = sample_event();
    begin();
    event.severity = WARNING - 1;
    GIVES(TIDINGS_OK, tidings_event_kept(&device.agent, &kept, &event));
    CHECK(queue.appends == 0);
    event.severity = TIDINGS_SEVERITY_CRITICAL;
    GIVES(TIDINGS_OK, tidings_event_kept(&device.agent, &kept, &event));
    CHECK(queue.appends == 1);
}

static void test_arguments(void) {
    char letters[49];
    tidings_event_t event = sample_event();
    const tidings_event_t *const in_table = (const tidings_event_t *)(const void *)device.table;
    const tidings_event_t *const in_kept = (const tidings_event_t *)(const void *)((uint8_t *)&kept + 32);
    begin();
    memset(letters, 'x', sizeof(letters));
    GIVES(TIDINGS_E_NULL, tidings_event_kept(&device.agent, &kept, NULL));
    GIVES(TIDINGS_E_MISALIGNED,
          tidings_event_kept(&device.agent, &kept, (const tidings_event_t *)(const void *)((const uint8_t *)&event + 1)));
    GIVES(TIDINGS_E_OVERLAP, tidings_event_kept(&device.agent, &kept, in_table));
    GIVES(TIDINGS_E_OVERLAP, tidings_event_kept(&device.agent, &kept, in_kept));
    event.data = tidings_bytes((const uint8_t *)&kept + 8, 4);
    GIVES(TIDINGS_E_OVERLAP, tidings_event_kept(&device.agent, &kept, &event));
    event.data = tidings_bytes(letters, sizeof(letters));
    GIVES(TIDINGS_E_TOO_LONG, tidings_event_kept(&device.agent, &kept, &event));
    event.data = tidings_bytes(letters, SIZE_MAX);
    GIVES(TIDINGS_E_TOO_LONG, tidings_event_kept(&device.agent, &kept, &event));
    event = sample_event();
    event.actor = tidings_bytes(letters, 17);
    GIVES(TIDINGS_E_TOO_LONG, tidings_event_kept(&device.agent, &kept, &event));
    event = sample_event();
    event.severity = 4;
    GIVES(TIDINGS_E_VALUE, tidings_event_kept(&device.agent, &kept, &event));
    CHECK(queue.appends == 0);
    event = sample_event();
    event.actor = tidings_bytes(letters, 16);
    event.data = tidings_bytes(letters, 48);
    GIVES(TIDINGS_OK, tidings_event_kept(&device.agent, &kept, &event));
    CHECK(queue.count == 1 && queue.lens[0] == TIDINGS_MAX_RECORD);
    event.actor = event.data = tidings_bytes(NULL, 0);
    GIVES(TIDINGS_OK, tidings_event_kept(&device.agent, &kept, &event));
    CHECK(queue.count == 2 && queue.lens[1] == 21);
}

static void test_refused_stores(void) {
    static union {
        tidings_kept_events_t kept;
        tidings_event_store_t store;
    } both;
    tidings_event_store_t records = queue_of(&queue);
    tidings_kept_events_t other = TIDINGS_ZERO;
    GIVES(TIDINGS_E_NULL, tidings_kept_events_init(&other, NULL));
    GIVES(TIDINGS_E_MISALIGNED,
          tidings_kept_events_init(&other, (const tidings_event_store_t *)(const void *)((const uint8_t *)&records + 1)));
    both.store = records;
    GIVES(TIDINGS_E_OVERLAP, tidings_kept_events_init(&both.kept, &both.store));
    records.append = NULL;
    GIVES(TIDINGS_E_NULL, tidings_kept_events_init(&other, &records));
    records = queue_of(&queue);
    records.read = NULL;
    GIVES(TIDINGS_E_NULL, tidings_kept_events_init(&other, &records));
    records = queue_of(&queue);
    records.remove = NULL;
    GIVES(TIDINGS_E_NULL, tidings_kept_events_init(&other, &records));
    records = queue_of(&queue);
    records.least = TIDINGS_SEVERITY_CRITICAL + 1;
    GIVES(TIDINGS_E_VALUE, tidings_kept_events_init(&other, &records));
    GIVES(TIDINGS_E_HANDLE, tidings_kept_events_deinit(&other));
    records.least = 0;
    GIVES(TIDINGS_OK, tidings_kept_events_init(&other, &records));
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&other));
}

/* A handle that began with one agent would take another's silence for an acknowledgement. */
static void test_one_life(void) {
    static device_t second;
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_epoch_store_t callbacks = store_of(&epochs);
    const tidings_config_t config = configure(MANY_EVENTS), of_second = config_of(&second);
    const tidings_event_t event = sample_event();
    tidings_kept_events_t *const in_table = (tidings_kept_events_t *)(void *)(device.table + 8);
    tidings_kept_events_t other;
    begin();
    GIVES(TIDINGS_OK, keep());
    GIVES(TIDINGS_OK, tidings_init(&second.agent, &of_second));
    GIVES(TIDINGS_E_HANDLE, tidings_event_kept(&second.agent, &kept, &event));
    GIVES(TIDINGS_E_HANDLE, tidings_maintain_events(&second.agent, &kept));
    GIVES(TIDINGS_OK, tidings_deinit(&second.agent));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 0, &callbacks));
    GIVES(TIDINGS_E_HANDLE, maintain());
    GIVES(TIDINGS_E_HANDLE, keep());
    memset(&other, 0, sizeof(other));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&other, &records));
    GIVES(TIDINGS_OK, tidings_maintain_events(&device.agent, &other));
    GIVES(TIDINGS_E_HANDLE, maintain()); /* the new one is the agent's now */
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&other));
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&kept));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&kept, &records));
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.count == 1 && queue.removes == 0);
    memset(device.table, 0, sizeof(device.table));
    GIVES(TIDINGS_OK, tidings_kept_events_init(in_table, &records));
    GIVES(TIDINGS_E_OVERLAP, tidings_maintain_events(&device.agent, in_table));
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(in_table));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

/* The event is recorded all the same, without an origin. */
static void travels_without_origin(void) {
    uint8_t bare[] = "door open";
    transmit();
    answer(0);
    transmit();
    CHECK(tells(bare, 9) && !tells_kept(1, 1));
}

static void test_failing_stores(void) {
    unsigned at;
    begin();
    queue.append_fails = 1;
    GIVES(TIDINGS_E_EVENT_STORE, keep());
    travels_without_origin();
    begin();
    queue.forgets = 1;
    GIVES(TIDINGS_E_EVENT_NOT_KEPT, keep());
    travels_without_origin();
    begin();
    queue.read_fails = 1;
    GIVES(TIDINGS_E_EVENT_STORE, keep());
    GIVES(TIDINGS_E_EVENT_STORE, maintain());
    queue.read_fails = 0;
    GIVES(TIDINGS_OK, maintain()); /* it is tried again */
    begin();
    queue.mangles = 1;
    GIVES(TIDINGS_E_EVENT_NOT_KEPT, keep());
    begin();
    for (at = 0; at < QUEUE_RECORDS; at++) {
        GIVES(TIDINGS_OK, keep());
    }
    GIVES(TIDINGS_E_EVENT_STORE_FULL, keep());
    CHECK(queue.count == QUEUE_RECORDS);
}

static void test_wrong_stores(void) {
    begin();
    queue.reverses = 1;
    GIVES(TIDINGS_OK, keep()); /* one record has no order */
    GIVES(TIDINGS_E_EVENT_NOT_KEPT, keep());
    begin();
    queue.overlong = 1;
    GIVES(TIDINGS_E_EVENT_STORE, keep());
    begin();
    GIVES(TIDINGS_OK, keep());
    queue.repeats = 1;
    queue.reads = 0;
    GIVES(TIDINGS_E_EVENT_STORE, keep());
    CHECK(queue.reads <= 2 * (TIDINGS_MAX_RECORDS + 1));
    begin();
    GIVES(TIDINGS_OK, keep());
    transmit();
    answer(0);
    transmit();
    answer(1);
    queue.remove_fails = 1;
    GIVES(TIDINGS_E_EVENT_STORE, maintain());
    queue.remove_fails = 0;
    queue.clings = 1;
    queue.removes = 0;
    GIVES(TIDINGS_E_EVENT_STORE, maintain());
    CHECK(queue.removes == 1);
    queue.clings = 0;
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.count == 0);
}

/* What is no record was never kept. */
static void test_noise_in_the_store(void) {
    begin();
    memset(queue.records[1], 0xA5, TIDINGS_MAX_RECORD);
    memset(queue.records[2], 0x5A, TIDINGS_MAX_RECORD);
    queue.count = 3;
    queue.lens[1] = TIDINGS_MAX_RECORD;
    queue.lens[2] = 30;
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.count == 0);
}

static void test_no_epoch_and_no_room(void) {
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_config_t config = configure(MANY_EVENTS);
    begin();
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&kept));
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&kept, &records));
    GIVES(TIDINGS_E_NO_EPOCH, keep());
    GIVES(TIDINGS_OK, maintain());
    CHECK(queue.appends == 0 && queue.reads == 0);
    begin();
    power_up(TIDINGS_KEPT_EVENT_BYTES(3, 9)); /* the sample's */
    GIVES(TIDINGS_OK, keep());
    power_up(TIDINGS_KEPT_EVENT_BYTES(3, 9) - 1);
    GIVES(TIDINGS_E_EVENT_MEMORY, keep());
    CHECK(queue.count == 1);
}

/* From within a callback of the store: both handles are in use, for any agent. */
static device_t second;
static unsigned entered;

static void re_enter(void) {
    const tidings_event_t event = sample_event();
    uint8_t flag = 7;
    entered++;
    queue.inside = NULL;
    GIVES(TIDINGS_E_BUSY, tidings_event(&device.agent, &event));
    GIVES(TIDINGS_E_BUSY, tidings_is_synced(&device.agent, &flag));
    GIVES(TIDINGS_E_BUSY, keep());
    GIVES(TIDINGS_E_BUSY, maintain());
    GIVES(TIDINGS_E_BUSY, tidings_event_kept(&second.agent, &kept, &event));
    GIVES(TIDINGS_E_BUSY, tidings_kept_events_deinit(&kept));
    GIVES(TIDINGS_E_BUSY, tidings_deinit(&device.agent));
    CHECK(flag == 7 && queue.appends <= 1);
    queue.inside = re_enter;
}

static void test_re_entrancy(void) {
    const tidings_config_t config = config_of(&second);
    GIVES(TIDINGS_OK, tidings_init(&second.agent, &config));
    begin();
    queue.inside = re_enter;
    GIVES(TIDINGS_OK, keep());
    CHECK(entered == 5); /* appended, read back to the end, reviewed to the end */
    transmit();
    answer(0);
    transmit();
    answer(1);
    GIVES(TIDINGS_OK, maintain());
    CHECK(entered == 8); /* read, removed, read to the end */
    GIVES(TIDINGS_OK, tidings_deinit(&second.agent));
}

void test_kept(void) {
    test_outlives_power();
    test_least();
    test_arguments();
    test_refused_stores();
    test_one_life();
    test_failing_stores();
    test_wrong_stores();
    test_noise_in_the_store();
    test_no_epoch_and_no_room();
    test_re_entrancy();
}
