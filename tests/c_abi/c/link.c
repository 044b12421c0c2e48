/* Packets, frames and deadlines: what leaves, what is refused, and that no buffer is used past its length. */
#include "check.h"

#include <string.h>

static device_t device;
static tidings_serial_t serial;
static uint8_t frame[512];
static uint8_t received[TIDINGS_MAX_ANSWER];
static uint8_t packet[TIDINGS_MAX_PACKET + 16];

static void bring_up(void) {
    store_t store;
    const tidings_epoch_store_t callbacks = store_of(&store);
    const tidings_software_t fact = sample_software();
    tidings_config_t config = config_of(&device);
    memset(&store, 0, sizeof(store));
    config.load_ms = TIDINGS_NONE;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 0, &callbacks));
    GIVES(TIDINGS_OK, tidings_record_software(&device.agent, &fact));
}

static void take_down(void) {
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

static void test_deadlines(void) {
    uint64_t at = 7;
    size_t len = 7;
    bring_up();
    GIVES(TIDINGS_OK, tidings_next_deadline(&device.agent, &at));
    CHECK(at == 0);
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 0, packet, sizeof(packet), &len));
    CHECK(len > 0 && len <= TIDINGS_MAX_PACKET);
    GIVES(TIDINGS_NOTHING, tidings_transmit(&device.agent, 0, packet, sizeof(packet), &len));
    CHECK(len == 0);
    GIVES(TIDINGS_OK, tidings_next_deadline(&device.agent, &at));
    CHECK(at > 0 && at < UINT64_MAX);
    GIVES(TIDINGS_NOTHING, tidings_transmit(&device.agent, at - 1, packet, sizeof(packet), &len));
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, at, packet, sizeof(packet), &len)); /* nobody answered */
    GIVES(TIDINGS_OK, tidings_link_down(&device.agent));
    GIVES(TIDINGS_OK, tidings_next_deadline(&device.agent, &at));
    CHECK(at == UINT64_MAX);
    GIVES(TIDINGS_NOTHING, tidings_transmit(&device.agent, UINT64_MAX, packet, sizeof(packet), &len));
    take_down();
}

static void test_link_up(void) {
    size_t len = 0;
    uint8_t flag = 7;
    bring_up();
    GIVES(TIDINGS_OK, tidings_link_down(&device.agent));
    GIVES(TIDINGS_NOTHING, tidings_transmit(&device.agent, 1, packet, sizeof(packet), &len));
    GIVES(TIDINGS_OK, tidings_tick(&device.agent, 2));
    GIVES(TIDINGS_OK, tidings_link_up(&device.agent, 3));
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 3, packet, sizeof(packet), &len));
    GIVES(TIDINGS_OK, tidings_is_synced(&device.agent, &flag));
    CHECK(flag == 0);
    GIVES(TIDINGS_OK, tidings_keys_accepted(&device.agent, &flag));
    CHECK(flag == 0);
    GIVES(TIDINGS_E_NULL, tidings_is_synced(&device.agent, NULL));
    GIVES(TIDINGS_E_NULL, tidings_keys_accepted(&device.agent, NULL));
    GIVES(TIDINGS_E_NULL, tidings_epoch(&device.agent, NULL));
    GIVES(TIDINGS_E_NULL, tidings_stats(&device.agent, NULL));
    GIVES(TIDINGS_E_NULL, tidings_next_deadline(&device.agent, NULL));
    GIVES(TIDINGS_E_MISALIGNED, tidings_epoch(&device.agent, (uint32_t *)(void *)(packet + (((uintptr_t)packet & 1u) ? 0 : 1))));
    take_down();
}

static void test_transmit_buffers(void) {
    size_t len = 7, at;
    bring_up();
    GIVES(TIDINGS_E_BUFFER, tidings_transmit(&device.agent, 0, packet, TIDINGS_MIN_MTU - 1, &len));
    GIVES(TIDINGS_E_BUFFER, tidings_transmit(&device.agent, 0, packet, 0, &len));
    GIVES(TIDINGS_E_NULL, tidings_transmit(&device.agent, 0, NULL, sizeof(packet), &len));
    GIVES(TIDINGS_E_NULL, tidings_transmit(&device.agent, 0, packet, sizeof(packet), NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_transmit(&device.agent, 0, device.table, sizeof(device.table), &len));
    GIVES(TIDINGS_E_OVERLAP, tidings_transmit(&device.agent, 0, packet, sizeof(packet), (size_t *)(void *)device.table));
    {
        union {
            size_t len;
            uint8_t bytes[TIDINGS_MIN_MTU];
        } both;
        GIVES(TIDINGS_E_OVERLAP, tidings_transmit(&device.agent, 0, both.bytes, sizeof(both.bytes), &both.len));
    }
    CHECK(len == 7);
    memset(packet, 0xA5, sizeof(packet));
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 0, packet, TIDINGS_MIN_MTU, &len));
    CHECK(len > 0 && len <= TIDINGS_MIN_MTU);
    for (at = TIDINGS_MIN_MTU; at < sizeof(packet); at++) {
        CHECK(packet[at] == 0xA5);
    }
    take_down();
}

static void test_received_noise(void) {
    tidings_stats_t stats = TIDINGS_ZERO;
    size_t len = 0, own_len = 0;
    uint8_t own[512];
    uint32_t seed = 1;
    unsigned round;
    bring_up();
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 0, own, sizeof(own), &own_len));
    GIVES(TIDINGS_E_PACKET_UNASKED, tidings_receive(&device.agent, 1, own, own_len));
    GIVES(TIDINGS_E_PACKET_MALFORMED, tidings_receive(&device.agent, 1, packet, 0));
    GIVES(TIDINGS_E_PACKET_MALFORMED, tidings_receive(&device.agent, 1, NULL, 0));
    GIVES(TIDINGS_E_NULL, tidings_receive(&device.agent, 1, NULL, 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_receive(&device.agent, 1, packet, TIDINGS_MAX_PACKET + 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_receive(&device.agent, 1, packet, SIZE_MAX));
    GIVES(TIDINGS_E_OVERLAP, tidings_receive(&device.agent, 1, device.table, 8));
    for (round = 0; round < 2000; round++) {
        for (len = 0; len < 40; len++) {
            seed = seed * 1664525u + 1013904223u;
            packet[len] = (uint8_t)(seed >> 24);
        }
        CHECK(tidings_receive(&device.agent, 1, packet, seed % 41u) < 0);
    }
    GIVES(TIDINGS_OK, tidings_stats(&device.agent, &stats));
    CHECK(stats.refused == 2003 && stats.sent == 1 && stats.sent_bytes == own_len);
    take_down();
}

static void line_up(void) {
    GIVES(TIDINGS_OK, tidings_serial_init(&serial, frame, sizeof(frame), received, sizeof(received)));
}

static void test_serial_init(void) {
    GIVES(TIDINGS_E_BUFFER, tidings_serial_init(&serial, frame, TIDINGS_MIN_MTU - 1, received, sizeof(received)));
    GIVES(TIDINGS_E_BUFFER, tidings_serial_init(&serial, frame, sizeof(frame), received, 0));
    GIVES(TIDINGS_E_NULL, tidings_serial_init(&serial, NULL, sizeof(frame), received, sizeof(received)));
    GIVES(TIDINGS_E_NULL, tidings_serial_init(&serial, frame, sizeof(frame), NULL, sizeof(received)));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_init(&serial, frame, sizeof(frame), frame + sizeof(frame) - 1, 1));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_init(&serial, &serial, sizeof(frame), received, sizeof(received)));
    GIVES(TIDINGS_E_HANDLE, tidings_serial_deinit(&serial));
}

/* One byte at a time gives the frame that all at once gives; it ends in 0 and holds no other. */
static void test_frames(void) {
    uint8_t whole[TIDINGS_FRAME_BYTES(sizeof(frame))], single = 0;
    size_t len = 0, one = 0, at;
    bring_up();
    line_up();
    GIVES(TIDINGS_OK, tidings_serial_send(&serial, &device.agent, 0, whole, sizeof(whole), &len));
    CHECK(len > 3 && whole[len - 1] == 0);
    GIVES(TIDINGS_NOTHING, tidings_serial_send(&serial, &device.agent, 0, whole, sizeof(whole), &one));
    CHECK(one == 0);
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    take_down();
    bring_up();
    line_up();
    for (at = 0; at < len; at++) {
        GIVES(TIDINGS_OK, tidings_serial_send(&serial, &device.agent, 0, &single, 1, &one));
        CHECK(one == 1 && single == whole[at]);
    }
    GIVES(TIDINGS_NOTHING, tidings_serial_send(&serial, &device.agent, 0, &single, 1, &one));
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    take_down();
}

static void test_serial_misuse(void) {
    uint8_t bytes[300] = {0};
    uint32_t dropped = 7;
    size_t len = 7;
    bring_up();
    line_up();
    GIVES(TIDINGS_NOTHING, tidings_serial_send(&serial, &device.agent, 0, bytes, 0, &len));
    CHECK(len == 0);
    GIVES(TIDINGS_NOTHING, tidings_serial_send(&serial, &device.agent, 0, NULL, 0, &len));
    GIVES(TIDINGS_E_NULL, tidings_serial_send(&serial, &device.agent, 0, NULL, 1, &len));
    GIVES(TIDINGS_E_NULL, tidings_serial_send(&serial, &device.agent, 0, bytes, 1, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_send(&serial, &device.agent, 0, frame, 4, &len));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_send(&serial, &device.agent, 0, device.table, 4, &len));
    GIVES(TIDINGS_OK, tidings_serial_receive(&serial, &device.agent, 0, bytes, 0));
    GIVES(TIDINGS_OK, tidings_serial_receive(&serial, &device.agent, 0, NULL, 0));
    GIVES(TIDINGS_E_NULL, tidings_serial_receive(&serial, &device.agent, 0, NULL, 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_serial_receive(&serial, &device.agent, 0, bytes, TIDINGS_MAX_MOVE + 1));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_receive(&serial, &device.agent, 0, received, 4));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_receive(&serial, &device.agent, 0, device.events, 4));
    memset(bytes, 1, sizeof(bytes));
    bytes[0] = bytes[sizeof(bytes) - 1] = 0; /* one frame, longer than the buffer for received ones */
    GIVES(TIDINGS_OK, tidings_serial_receive(&serial, &device.agent, 0, bytes, sizeof(bytes)));
    GIVES(TIDINGS_OK, tidings_serial_dropped(&serial, &dropped));
    CHECK(dropped == 1);
    GIVES(TIDINGS_E_NULL, tidings_serial_dropped(&serial, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_serial_dropped(&serial, (uint32_t *)(void *)&serial));
    GIVES(TIDINGS_OK, tidings_serial_reset(&serial));
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    take_down();
}

/* Buffers that run past the last address are refused before a byte of them is read. */
static void test_past_the_end(void) {
    uint8_t *const end = (uint8_t *)(UINTPTR_MAX - 31u);
    tidings_software_t fact = sample_software();
    tidings_config_t config;
    size_t len = 7;
    tidings_agent_t other = TIDINGS_ZERO;
    tidings_mailbox_t box = TIDINGS_ZERO;
    bring_up();
    line_up();
    GIVES(TIDINGS_E_TOO_LONG, tidings_transmit(&device.agent, 0, end, TIDINGS_MIN_MTU, &len));
    GIVES(TIDINGS_E_TOO_LONG, tidings_receive(&device.agent, 0, end, 40));
    GIVES(TIDINGS_E_TOO_LONG, tidings_serial_receive(&serial, &device.agent, 0, end, 40));
    GIVES(TIDINGS_E_TOO_LONG, tidings_serial_send(&serial, &device.agent, 0, end, 40, &len));
    GIVES(TIDINGS_E_TOO_LONG, tidings_stats(&device.agent, (tidings_stats_t *)(void *)end));
    GIVES(TIDINGS_E_TOO_LONG, tidings_record_software(&device.agent, (const tidings_software_t *)(const void *)end));
    fact.version = tidings_bytes(end, 40);
    GIVES(TIDINGS_E_TOO_LONG, tidings_record_software(&device.agent, &fact));
    GIVES(TIDINGS_E_TOO_LONG, tidings_mailbox_init(&box, (tidings_message_t *)(void *)end, 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_wipe(end, 40));
    CHECK(len == 7);
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    GIVES(TIDINGS_E_TOO_LONG, tidings_serial_init(&serial, end, TIDINGS_MIN_MTU, received, sizeof(received)));
    GIVES(TIDINGS_E_TOO_LONG, tidings_serial_init(&serial, frame, sizeof(frame), end, 40));
    config = config_of(&device);
    config.table = (void *)(UINTPTR_MAX / 2u + 32u);
    config.table_len = SIZE_MAX / 2u; /* the longest that is none too long anywhere */
    GIVES(TIDINGS_E_TOO_LONG, tidings_init(&other, &config));
    config = config_of(&device);
    config.events = end;
    config.events_len = 40;
    GIVES(TIDINGS_E_TOO_LONG, tidings_init(&other, &config));
    take_down();
}

/* The macros that yield the storage. */
static void test_device_macro(void) {
    TIDINGS_DEVICE(whole, 1024, 208, 512);
    tidings_config_t config = TIDINGS_CONFIG(whole);
    config.id = tidings_text("m");
    GIVES(TIDINGS_OK, tidings_init(&whole.agent, &config));
    GIVES(TIDINGS_OK, TIDINGS_SERIAL(whole));
    GIVES(TIDINGS_OK, tidings_serial_deinit(&whole.serial));
    GIVES(TIDINGS_OK, tidings_deinit(&whole.agent));
}

void test_link(void) {
    test_deadlines();
    test_link_up();
    test_transmit_buffers();
    test_received_noise();
    test_serial_init();
    test_frames();
    test_serial_misuse();
    test_past_the_end();
    test_device_macro();
}
