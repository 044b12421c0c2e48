/*
 * Every call of the border, as C makes it, on a painted stack: a conversation that goes the longest way, and what each call used of the stack.
 *
 * Promise: what is measured is the archive; the frame of the caller and what it passes on the stack are not counted. It measures the paths that it
 * walks and proves nothing of others. Not here: the host that answers and the line that tells, which are in src/bin/stack_c.rs; what callbacks of a
 * firmware take.
 */
#include "check.h"

#define WORDS 2048u
#define PAINT 0xA5A55A5Au
#define PACKET TIDINGS_MIN_MTU
#define MESSAGES 32u
/* Room for most of the facts, so that the table fills up. */
#define TABLE (TIDINGS_TABLE_OVERHEAD + 2048u)
#define EVENTS (8u * TIDINGS_EVENT_BYTES(8u, 12u))
/* Enough for every kind of packet that the device has to send. */
#define EXCHANGES 24

typedef struct host host_t;

/* Tells what a call used, and fails if it was refused. */
void told(const char *suite, const char *function, uint32_t bytes, tidings_status_t status);
/* Writes the host's answer to a packet, or to a frame on a stream, and gives its length; a host that lost its state asks for all. */
size_t host_answers(host_t *host, int lost, int framed, const uint8_t *packet, size_t len, uint8_t *back, size_t room);
void exercise(const char *suite, const tidings_key_bytes_t *keys, host_t *host);

static struct {
    tidings_agent_t agent;
    tidings_serial_t serial;
    tidings_keys_t keys;
    tidings_keys_t next;
    tidings_mailbox_t mailbox;
    tidings_message_t messages[MESSAGES];
    tidings_retained_t epoch;
    tidings_kept_events_t kept;
    uint8_t table[TABLE];
    uint8_t events[EVENTS];
    uint8_t out[PACKET];
    uint8_t back[PACKET];
    uint8_t line[2u * PACKET];
} device;

static tidings_agent_t *const agent = &device.agent;
static const tidings_epoch_store_t store = {&device.epoch, tidings_retained_load, tidings_retained_append};
static const char *suite;
static tidings_status_t outcome;
/* While the table is full on purpose, that answer is none to fail for. */
static int full_is_fine;

#define INLINE static inline __attribute__((always_inline))

INLINE volatile uint32_t *stack_pointer(void) {
    volatile uint32_t *at;
    __asm volatile("mov %0, sp" : "=r"(at));
    return at;
}

/* Both stay in the caller's frame: nothing lies below it but what the call between them puts there. */
INLINE void paint(void) {
    volatile uint32_t *at = stack_pointer();
    for (uint32_t left = WORDS; left; left--) {
        *--at = PAINT;
    }
}

INLINE uint32_t touched(void) {
    volatile uint32_t *const top = stack_pointer();
    volatile uint32_t *at = top - WORDS;
    while (at != top && *at == PAINT) {
        at++;
    }
    return (uint32_t)(top - at) * 4u;
}

static void tell(const char *function, uint32_t bytes) {
    told(suite, function, bytes, full_is_fine && outcome == TIDINGS_E_FULL ? TIDINGS_OK : outcome);
}

/* A call that gives a status. */
#define CALL(function, ...) \
    do { \
        paint(); \
        outcome = function(__VA_ARGS__); \
        tell(#function, touched()); \
    } while (0)

/* One that gives something else. */
#define ASK(kind, function, ...) \
    do { \
        kind volatile answer; \
        paint(); \
        answer = function(__VA_ARGS__); \
        (void)answer; \
        outcome = TIDINGS_OK; \
        tell(#function, touched()); \
    } while (0)

static void begin(const tidings_key_bytes_t *bytes) {
    tidings_config_t config = TIDINGS_CONFIG(device);
    uint32_t epoch;
    config.id = tidings_text("device");
    if (bytes) {
        CALL(tidings_keys_ascon128, &device.keys, bytes);
        CALL(tidings_keys_deinit, &device.keys);
        CALL(tidings_keys_chacha20poly1305, &device.keys, bytes);
        config.keys = &device.keys;
    }
    CALL(tidings_retained_append, &device.epoch, 2);
    CALL(tidings_retained_load, &device.epoch, &epoch);
    CALL(tidings_provision, 3, &store);
    CALL(tidings_mailbox_init, &device.mailbox, device.messages, MESSAGES);
    CALL(tidings_serial_init, &device.serial, device.out, sizeof(device.out), device.back, sizeof(device.back));
    CALL(tidings_init, agent, &config);
    CALL(tidings_start, agent, 0, &store);
    CALL(tidings_maintain, agent, 0, &store);
}

#define RECORD(kind) \
    do { \
        const tidings_##kind##_t fact = sample_##kind(); \
        CALL(tidings_record_##kind, agent, &fact); \
    } while (0);

#define REMOVE(kind) \
    do { \
        const tidings_##kind##_t fact = sample_##kind(); \
        CALL(tidings_remove_##kind, agent, &fact); \
    } while (0);

#define POST(kind) \
    do { \
        const tidings_##kind##_t fact = short_##kind(); \
        CALL(tidings_post_##kind, &device.mailbox, &fact); \
        CALL(tidings_post_remove_##kind, &device.mailbox, &fact); \
    } while (0);

static void record_each(void) { EACH_FACT(RECORD) }

static void remove_each(void) { EACH_FACT(REMOVE) }

/* What interrupts post, and its way to the table. */
static void post_each(void) {
    const tidings_event_t event = short_event();
    uint32_t refused;
    EACH_FACT(POST)
    CALL(tidings_post_event, &device.mailbox, &event);
    CALL(tidings_mailbox_refused, &device.mailbox, &refused);
    CALL(tidings_drain, agent, 0, &device.mailbox);
}

/* A store of a few records, whose callbacks need next to no stack. */
static uint8_t records[3][TIDINGS_MAX_RECORD];
static size_t lens[3];
static size_t count;

static void copy(uint8_t *to, const uint8_t *from, size_t len) {
    while (len--) {
        *to++ = *from++;
    }
}

static tidings_status_t append_record(void *ctx, const uint8_t *record, size_t len) {
    (void)ctx;
    if (count == 3) {
        return TIDINGS_E_FULL;
    }
    copy(records[count], record, len);
    lens[count++] = len;
    return TIDINGS_OK;
}

static tidings_status_t read_record(void *ctx, size_t index, uint8_t *record, size_t *len) {
    (void)ctx;
    if (index >= count) {
        return TIDINGS_NOTHING;
    }
    copy(record, records[index], lens[index]);
    *len = lens[index];
    return TIDINGS_OK;
}

static tidings_status_t remove_record(void *ctx, size_t index) {
    (void)ctx;
    for (count--; index < count; index++) {
        copy(records[index], records[index + 1], TIDINGS_MAX_RECORD);
        lens[index] = lens[index + 1];
    }
    return TIDINGS_OK;
}

/* What an application tells besides plain records. */
static void tell_more(void) {
    const tidings_limits_t limits = {70, 90, 5, 2};
    tidings_health_t health = sample_health();
    tidings_event_t event = sample_event();
    const uint8_t kind = TIDINGS_KIND_SOFTWARE;
    CALL(tidings_scan_begin, agent, kind);
    CALL(tidings_scan_partial, agent, kind);
    CALL(tidings_scan_begin, agent, kind);
    CALL(tidings_scan_fail, agent, kind);
    CALL(tidings_scan_begin, agent, kind);
    CALL(tidings_scan_finish, agent, kind);
    for (int at = 0; at < 4; at++) {
        health.value = at % 2 ? 95 : 20;
        CALL(tidings_sample_health, agent, &health, &limits);
    }
    for (int at = 0; at < 12; at++) {
        event.severity = (uint8_t)(at % 4);
        CALL(tidings_event, agent, &event);
    }
    CALL(tidings_complete, agent, kind);
    CALL(tidings_fail, agent, kind);
    CALL(tidings_switch_off, agent, TIDINGS_KIND_LISTENER);
    CALL(tidings_switch_on, agent, TIDINGS_KIND_LISTENER);
    CALL(tidings_link_down, agent);
    CALL(tidings_link_up, agent, 0);
}

/* Facts until the table is full, removals that leave tombstones, and facts that push those out. */
static void fill(void) {
    static const char *const values[] = {"a value of more than thirty bytes", "and another one"};
    full_is_fine = 1;
    for (unsigned round = 0; round < 4; round++) {
        for (unsigned kind = 0; kind < 64; kind++) {
            tidings_vendor_t fact = sample_vendor();
            fact.vendor_kind = (uint16_t)(256u + kind);
            fact.value = tidings_text(values[round % 2]);
            CALL(tidings_record_vendor, agent, &fact);
            if (round == 2) {
                CALL(tidings_remove_vendor, agent, &fact);
            }
        }
        record_each();
        remove_each();
        record_each();
        post_each();
    }
    full_is_fine = 0;
}

/* Packets out and answers in, until the device has nothing more to say for a while. */
static void converse(host_t *host) {
    for (int turn = 0; turn < EXCHANGES; turn++) {
        uint64_t now_ms;
        size_t len, answer;
        CALL(tidings_next_deadline, agent, &now_ms);
        CALL(tidings_maintain, agent, now_ms, &store);
        CALL(tidings_transmit, agent, now_ms, device.out, sizeof(device.out), &len);
        answer = host_answers(host, turn < 4, 0, device.out, len, device.back, sizeof(device.back));
        if (answer) {
            CALL(tidings_receive, agent, now_ms, device.back, answer);
        }
    }
}

/* What outlives power, with the noise that a store may hold, until the host has it. */
static void keep_events(host_t *host) {
    const tidings_event_store_t queue = {NULL, append_record, read_record, remove_record, TIDINGS_SEVERITY_WARNING};
    tidings_event_t event = sample_event();
    count = lens[0] = 1;
    CALL(tidings_kept_events_init, &device.kept, &queue);
    CALL(tidings_maintain_events, agent, &device.kept);
    for (int at = 0; at < 3; at++) {
        event.severity = TIDINGS_SEVERITY_NOTICE;
        CALL(tidings_event_kept, agent, &device.kept, &event);
        event.severity = TIDINGS_SEVERITY_CRITICAL;
        CALL(tidings_event_kept, agent, &device.kept, &event);
        converse(host);
        CALL(tidings_maintain_events, agent, &device.kept);
    }
    if (count) {
        told(suite, "with records that the host has", 0, TIDINGS_E_UNKNOWN);
    }
    CALL(tidings_kept_events_deinit, &device.kept);
}

/* The same on a byte stream. */
static void stream(host_t *host) {
    for (int turn = 0; turn < EXCHANGES; turn++) {
        uint64_t now_ms;
        size_t len, answer;
        CALL(tidings_next_deadline, agent, &now_ms);
        CALL(tidings_serial_send, &device.serial, agent, now_ms, device.line, sizeof(device.line), &len);
        answer = host_answers(host, turn < 4, 1, device.line, len, device.line, sizeof(device.line));
        if (answer) {
            CALL(tidings_serial_receive, &device.serial, agent, now_ms, device.line, answer);
        }
    }
}

/* What tells and changes little. */
static void ask(void) {
    tidings_stats_t stats;
    tidings_view_t view;
    uint32_t number;
    uint8_t byte;
    CALL(tidings_tick, agent, 0);
    CALL(tidings_is_synced, agent, &byte);
    CALL(tidings_epoch, agent, &number);
    CALL(tidings_keys_accepted, agent, &byte);
    CALL(tidings_stats, agent, &stats);
    if (stats.answers < EXCHANGES || stats.refused) {
        told(suite, "without a conversation", 0, TIDINGS_E_UNKNOWN);
    }
    CALL(tidings_coverage, agent, TIDINGS_KIND_SOFTWARE, &byte);
    CALL(tidings_view, agent, 3, &view);
    CALL(tidings_serial_dropped, &device.serial, &number);
    CALL(tidings_wipe, device.line, sizeof(device.line));
    ASK(const char *, tidings_status_str, TIDINGS_E_FULL);
    ASK(const char *, tidings_version_str, );
    ASK(uint32_t, tidings_version, );
    ASK(uint32_t, tidings_wire_version, );
    ASK(uint32_t, tidings_abi, );
    ASK(size_t, tidings_agent_size, );
}

static tidings_status_t seal(
    void *ctx, const uint8_t *nonce, const uint8_t *clear, size_t clear_len, uint8_t *body, size_t len, uint8_t *check) {
    (void)ctx, (void)nonce, (void)clear, (void)clear_len, (void)body, (void)len, (void)check;
    return TIDINGS_OK;
}

static tidings_status_t open(
    void *ctx, const uint8_t *nonce, const uint8_t *clear, size_t clear_len, uint8_t *body, size_t len, const uint8_t *check) {
    (void)ctx, (void)nonce, (void)clear, (void)clear_len, (void)body, (void)len, (void)check;
    return TIDINGS_OK;
}

/* Other keys, and the end of the first ones. */
static void change_keys(tidings_key_bytes_t other) {
    tidings_suite_t hardware = TIDINGS_ZERO;
    hardware.seal = seal;
    hardware.open = open;
    hardware.check_len = 8;
    CALL(tidings_keys_hardware, &device.next, &hardware);
    CALL(tidings_keys_deinit, &device.next);
    other.kid++;
    CALL(tidings_keys_chacha20poly1305, &device.next, &other);
    CALL(tidings_change_keys, agent, &device.next);
    CALL(tidings_maintain, agent, 9000, &store);
    CALL(tidings_keys_deinit, &device.keys);
}

void exercise(const char *of, const tidings_key_bytes_t *keys, host_t *host) {
    suite = of;
    begin(keys);
    record_each();
    converse(host);
    tell_more();
    post_each();
    converse(host);
    fill();
    converse(host);
    record_each();
    remove_each();
    stream(host);
    keep_events(host);
    CALL(tidings_serial_reset, &device.serial);
    ask();
    if (keys) {
        change_keys(*keys);
    }
    CALL(tidings_serial_deinit, &device.serial);
    CALL(tidings_mailbox_deinit, &device.mailbox);
    CALL(tidings_deinit, agent);
}
