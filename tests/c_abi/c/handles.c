/*
 * Every function that takes a handle, on handles that are none: NULL, misaligned, of any fill, copied, of another version, deinitialised, in use.
 *
 * Each gives the documented status and changes nothing.
 */
#include "check.h"

#include <string.h>

static device_t device;
static tidings_serial_t serial;
static tidings_mailbox_t box;
static tidings_message_t messages[4];
static uint8_t frame[512];
static uint8_t received[TIDINGS_MAX_ANSWER];
static tidings_keys_t keys;
static tidings_kept_events_t kept;
static store_t store;
static queue_t queue;

/* Every call on an agent, each of which must give `wanted`. */
static void facts_give(tidings_agent_t *agent, tidings_status_t wanted) {
    tidings_limits_t limits = TIDINGS_ZERO;
    tidings_health_t health = sample_health();
    const tidings_event_t event = sample_event();
#define TRY(name) \
    { \
        const tidings_##name##_t fact = sample_##name(); \
        GIVES(wanted, tidings_record_##name(agent, &fact)); \
        GIVES(wanted, tidings_remove_##name(agent, &fact)); \
    }
    EACH_FACT(TRY)
#undef TRY
    GIVES(wanted, tidings_sample_health(agent, &health, &limits));
    GIVES(wanted, tidings_event(agent, &event));
    GIVES(wanted, tidings_event_kept(agent, &kept, &event));
    GIVES(wanted, tidings_maintain_events(agent, &kept));
    CHECK(queue.appends == 0 && queue.reads == 0);
}

static void agent_gives(tidings_agent_t *agent, tidings_status_t wanted) {
    const tidings_epoch_store_t callbacks = store_of(&store);
    uint8_t flag = 7, packet[256];
    uint32_t number = 7;
    uint64_t time = 7;
    size_t len = 7;
    tidings_view_t view = TIDINGS_ZERO;
    tidings_stats_t stats = TIDINGS_ZERO;
    memset(packet, 0xA5, sizeof(packet));
    GIVES(wanted, tidings_start(agent, 5, &callbacks));
    GIVES(wanted, tidings_maintain(agent, 5, &callbacks));
    GIVES(wanted, tidings_change_keys(agent, &keys));
    GIVES(wanted, tidings_keys_accepted(agent, &flag));
    GIVES(wanted, tidings_tick(agent, 5));
    GIVES(wanted, tidings_is_synced(agent, &flag));
    GIVES(wanted, tidings_epoch(agent, &number));
    GIVES(wanted, tidings_complete(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_fail(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_switch_off(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_switch_on(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_coverage(agent, TIDINGS_KIND_SOFTWARE, &flag));
    GIVES(wanted, tidings_scan_begin(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_scan_finish(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_scan_partial(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_scan_fail(agent, TIDINGS_KIND_SOFTWARE));
    GIVES(wanted, tidings_view(agent, 0, &view));
    GIVES(wanted, tidings_transmit(agent, 5, packet, sizeof(packet), &len));
    GIVES(wanted, tidings_receive(agent, 5, packet, sizeof(packet)));
    GIVES(wanted, tidings_next_deadline(agent, &time));
    GIVES(wanted, tidings_link_up(agent, 5));
    GIVES(wanted, tidings_link_down(agent));
    GIVES(wanted, tidings_drain(agent, 5, &box));
    GIVES(wanted, tidings_serial_receive(&serial, agent, 5, packet, 4));
    GIVES(wanted, tidings_serial_send(&serial, agent, 5, packet, 4, &len));
    GIVES(wanted, tidings_stats(agent, &stats));
    GIVES(wanted, tidings_deinit(agent));
    CHECK(flag == 7 && number == 7 && time == 7 && len == 7 && stats.sent == 0);
    CHECK(packet[0] == 0xA5 && memcmp(packet, packet + 1, sizeof(packet) - 1) == 0);
    facts_give(agent, wanted);
}

static void line_gives(tidings_serial_t *line, tidings_status_t wanted) {
    uint8_t bytes[16] = {0};
    uint32_t dropped = 7;
    size_t len = 7;
    GIVES(wanted, tidings_serial_receive(line, &device.agent, 5, bytes, sizeof(bytes)));
    GIVES(wanted, tidings_serial_send(line, &device.agent, 5, bytes, sizeof(bytes), &len));
    GIVES(wanted, tidings_serial_reset(line));
    GIVES(wanted, tidings_serial_dropped(line, &dropped));
    GIVES(wanted, tidings_serial_deinit(line));
    CHECK(len == 7 && dropped == 7);
}

static void box_gives(tidings_mailbox_t *mailbox, tidings_status_t wanted) {
    const tidings_event_t event = short_event();
    uint32_t refused = 7;
#define TRY(name) \
    { \
        const tidings_##name##_t fact = short_##name(); \
        GIVES(wanted, tidings_post_##name(mailbox, &fact)); \
        GIVES(wanted, tidings_post_remove_##name(mailbox, &fact)); \
    }
    EACH_FACT(TRY)
#undef TRY
    GIVES(wanted, tidings_post_event(mailbox, &event));
    GIVES(wanted, tidings_drain(&device.agent, 5, mailbox));
    GIVES(wanted, tidings_mailbox_refused(mailbox, &refused));
    GIVES(wanted, tidings_mailbox_deinit(mailbox));
    CHECK(refused == 7);
}

static void kept_gives(tidings_kept_events_t *bad, tidings_status_t wanted) {
    const tidings_event_t event = sample_event();
    GIVES(wanted, tidings_event_kept(&device.agent, bad, &event));
    GIVES(wanted, tidings_maintain_events(&device.agent, bad));
    GIVES(wanted, tidings_kept_events_deinit(bad));
    CHECK(queue.appends == 0 && queue.reads == 0);
}

static void keys_give(tidings_keys_t *bad, tidings_status_t wanted) {
    if (bad) { /* NULL is the plain suite in a configuration */
        device_t other;
        tidings_config_t config = config_of(&other);
        memset(&other.agent, 0, sizeof(other.agent));
        config.keys = bad;
        GIVES(wanted, tidings_init(&other.agent, &config));
    }
    GIVES(wanted, tidings_change_keys(&device.agent, bad));
    GIVES(wanted, tidings_keys_deinit(bad));
}

/* All of them, on memory of this fill; then nothing of it has changed. */
static void test_fill(int fill) {
    static union {
        tidings_agent_t agent;
        tidings_serial_t line;
        tidings_mailbox_t mailbox;
        tidings_keys_t keys;
        tidings_kept_events_t kept;
        uint8_t bytes[sizeof(tidings_agent_t)];
    } memory;
    size_t at, changed = 0;
    memset(&memory, fill, sizeof(memory));
    agent_gives(&memory.agent, TIDINGS_E_HANDLE);
    line_gives(&memory.line, TIDINGS_E_HANDLE);
    box_gives(&memory.mailbox, TIDINGS_E_HANDLE);
    keys_give(&memory.keys, TIDINGS_E_HANDLE);
    kept_gives(&memory.kept, TIDINGS_E_HANDLE);
    for (at = 0; at < sizeof(memory.bytes); at++) {
        changed += memory.bytes[at] != (uint8_t)fill;
    }
    CHECK(changed == 0);
}

static void bring_up(void) {
    const tidings_key_bytes_t bytes = sample_keys(1);
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_config_t config = config_of(&device);
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_serial_init(&serial, frame, sizeof(frame), received, sizeof(received)));
    GIVES(TIDINGS_OK, tidings_mailbox_init(&box, messages, 4));
    GIVES(TIDINGS_OK, tidings_keys_chacha20poly1305(&keys, &bytes));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&kept, &records));
}

static void test_live(void) {
    const tidings_key_bytes_t bytes = sample_keys(1);
    const tidings_config_t config = config_of(&device);
    const tidings_event_store_t records = queue_of(&queue);
    GIVES(TIDINGS_E_LIVE, tidings_kept_events_init(&kept, &records));
    GIVES(TIDINGS_E_LIVE, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_E_LIVE, tidings_serial_init(&serial, frame, sizeof(frame), received, sizeof(received)));
    GIVES(TIDINGS_E_LIVE, tidings_mailbox_init(&box, messages, 4));
    GIVES(TIDINGS_E_LIVE, tidings_keys_chacha20poly1305(&keys, &bytes));
    GIVES(TIDINGS_E_LIVE, tidings_keys_ascon128(&keys, &bytes));
}

static void test_copies(void) {
    tidings_agent_t agent = device.agent;
    tidings_serial_t line = serial;
    tidings_mailbox_t mailbox = box;
    tidings_keys_t copy = keys;
    tidings_kept_events_t events = kept;
    agent_gives(&agent, TIDINGS_E_HANDLE);
    line_gives(&line, TIDINGS_E_HANDLE);
    box_gives(&mailbox, TIDINGS_E_HANDLE);
    keys_give(&copy, TIDINGS_E_HANDLE);
    kept_gives(&events, TIDINGS_E_HANDLE);
    CHECK(same_bytes(&agent, &device.agent, sizeof(agent)));
}

/* What a library of another version of the border made, as memory that outlives an update of the firmware may hold it. */
static void test_other_versions(void) {
    uint8_t *const heads[] = {(uint8_t *)&device.agent, (uint8_t *)&serial, (uint8_t *)&box, (uint8_t *)&keys};
    const size_t version = 3; /* the last byte of the first word: the machines that this runs on are little-endian */
    size_t at;
    for (at = 0; at < sizeof(heads) / sizeof(heads[0]); at++) {
        CHECK(heads[at][version] == TIDINGS_ABI);
        heads[at][version]++;
    }
    agent_gives(&device.agent, TIDINGS_E_HANDLE);
    for (at = 0; at < sizeof(heads) / sizeof(heads[0]); at++) {
        heads[at][version]--;
        if (at == 0) { /* those below are tried with a live agent */
            line_gives(&serial, TIDINGS_E_HANDLE);
            box_gives(&box, TIDINGS_E_HANDLE);
            keys_give(&keys, TIDINGS_E_HANDLE);
        }
    }
}

/* One type of handle for another. */
static void test_mix_ups(void) {
    agent_gives((tidings_agent_t *)(void *)&serial, TIDINGS_E_HANDLE);
    line_gives((tidings_serial_t *)(void *)&device.agent, TIDINGS_E_HANDLE);
    box_gives((tidings_mailbox_t *)(void *)&keys, TIDINGS_E_HANDLE);
    keys_give((tidings_keys_t *)(void *)&box, TIDINGS_E_HANDLE);
    kept_gives((tidings_kept_events_t *)(void *)&device.agent, TIDINGS_E_HANDLE);
}

static void *odd(void *memory) {
    return (uint8_t *)memory + 1;
}

static void test_misaligned(void) {
    const tidings_config_t config = config_of(&device);
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_key_bytes_t bytes = sample_keys(1);
    agent_gives((tidings_agent_t *)odd(&device.agent), TIDINGS_E_MISALIGNED);
    line_gives((tidings_serial_t *)odd(&serial), TIDINGS_E_MISALIGNED);
    box_gives((tidings_mailbox_t *)odd(&box), TIDINGS_E_MISALIGNED);
    keys_give((tidings_keys_t *)odd(&keys), TIDINGS_E_MISALIGNED);
    kept_gives((tidings_kept_events_t *)odd(&kept), TIDINGS_E_MISALIGNED);
    GIVES(TIDINGS_E_MISALIGNED, tidings_kept_events_init((tidings_kept_events_t *)odd(&kept), &records));
    GIVES(TIDINGS_E_MISALIGNED, tidings_init((tidings_agent_t *)odd(&device.agent), &config));
    GIVES(TIDINGS_E_MISALIGNED, tidings_serial_init((tidings_serial_t *)odd(&serial), frame, sizeof(frame), received, 8));
    GIVES(TIDINGS_E_MISALIGNED, tidings_mailbox_init((tidings_mailbox_t *)odd(&box), messages, 4));
    GIVES(TIDINGS_E_MISALIGNED, tidings_keys_ascon128((tidings_keys_t *)odd(&keys), &bytes));
}

static void test_null(void) {
    const tidings_config_t config = config_of(&device);
    const tidings_event_store_t records = queue_of(&queue);
    const tidings_key_bytes_t bytes = sample_keys(1);
    agent_gives(NULL, TIDINGS_E_NULL);
    line_gives(NULL, TIDINGS_E_NULL);
    box_gives(NULL, TIDINGS_E_NULL);
    keys_give(NULL, TIDINGS_E_NULL);
    kept_gives(NULL, TIDINGS_E_NULL);
    GIVES(TIDINGS_E_NULL, tidings_kept_events_init(NULL, &records));
    GIVES(TIDINGS_E_NULL, tidings_init(NULL, &config));
    GIVES(TIDINGS_E_NULL, tidings_serial_init(NULL, frame, sizeof(frame), received, sizeof(received)));
    GIVES(TIDINGS_E_NULL, tidings_mailbox_init(NULL, messages, 4));
    GIVES(TIDINGS_E_NULL, tidings_keys_chacha20poly1305(NULL, &bytes));
    GIVES(TIDINGS_E_NULL, tidings_keys_ascon128(NULL, &bytes));
}

static void take_down(void) {
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    GIVES(TIDINGS_OK, tidings_mailbox_deinit(&box));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&kept));
}

static void test_after_the_end(void) {
    bring_up(); /* the device for what needs one live handle beside the dead one */
    take_down();
    agent_gives(&device.agent, TIDINGS_E_HANDLE);
    bring_up();
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    line_gives(&serial, TIDINGS_E_HANDLE);
    GIVES(TIDINGS_OK, tidings_mailbox_deinit(&box));
    box_gives(&box, TIDINGS_E_HANDLE);
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
    keys_give(&keys, TIDINGS_E_HANDLE);
    GIVES(TIDINGS_OK, tidings_kept_events_deinit(&kept));
    kept_gives(&kept, TIDINGS_E_HANDLE);
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

/* From within a callback: everything on the same agent is refused, and nothing of its memory changes. */
static unsigned entered;

static void re_enter(void) {
    static device_t before;
    entered++;
    memcpy(&before, &device, sizeof(before));
    store.inside = NULL; /* the calls below get callbacks too */
    agent_gives(&device.agent, TIDINGS_E_BUSY);
    store.inside = re_enter;
    CHECK(same_bytes(&before, &device, sizeof(before)));
}

static void test_re_entrancy(void) {
    const tidings_epoch_store_t callbacks = store_of(&store);
    bring_up();
    memset(&store, 0, sizeof(store));
    store.inside = re_enter;
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 5, &callbacks));
    CHECK(entered == 3); /* 2 loads and 1 append */
    store.inside = NULL;
    take_down();
}

void test_handles(void) {
    bring_up();
    test_live();
    test_null();
    test_misaligned();
    test_fill(0x00);
    test_fill(0xA5);
    test_fill(0xFF);
    test_copies();
    test_mix_ups();
    test_other_versions();
    take_down();
    test_after_the_end();
    test_re_entrancy();
}
