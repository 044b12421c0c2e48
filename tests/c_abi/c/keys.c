/* Keys and suites: taken in once, never out, wiped at the end, refused while in use. */
#include "check.h"

#include <string.h>

static device_t device;
static tidings_keys_t keys, other;
static store_t store;
static uint8_t packet[512];

#define LATER 1000u
#define MUCH_LATER 1000000u

static void bring_up(tidings_keys_t *with) {
    const tidings_epoch_store_t callbacks = store_of(&store);
    tidings_config_t config = config_of(&device);
    memset(&store, 0, sizeof(store));
    config.keys = with;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_E_NOT_PROVISIONED, tidings_start(&device.agent, 0, &callbacks));
    GIVES(TIDINGS_OK, tidings_provision(0, &callbacks));
    GIVES(TIDINGS_OK, tidings_maintain(&device.agent, LATER, &callbacks)); /* a failed store is asked again 1 s later */
}

/* Each start asks the store, and none says OK without an epoch: provisioned after the first, and in a loop until the store works. */
static void test_started_again(void) {
    const tidings_epoch_store_t callbacks = store_of(&store);
    const tidings_key_bytes_t bytes = sample_keys(1);
    tidings_config_t config = config_of(&device);
    uint32_t epoch = 0;
    unsigned tries = 0;
    memset(&store, 0, sizeof(store));
    config.keys = &keys;
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&keys, &bytes));
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_E_NOT_PROVISIONED, tidings_start(&device.agent, 0, &callbacks));
    CHECK(store.loads == 1);
    GIVES(TIDINGS_OK, tidings_provision(0, &callbacks));
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 1, &callbacks));
    GIVES(TIDINGS_OK, tidings_epoch(&device.agent, &epoch));
    CHECK(epoch == store.epoch && epoch > 0);
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    store.loads = 0;
    store.fails = 1;
    while (tidings_start(&device.agent, tries, &callbacks) < 0) {
        tries++;
        CHECK(store.loads == tries);
        store.fails = tries < 3;
    }
    CHECK(tries == 3);
    GIVES(TIDINGS_OK, tidings_epoch(&device.agent, &epoch));
    CHECK(epoch == store.epoch && epoch > 0);
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
}

static void test_bytes(void) {
    tidings_key_bytes_t bytes = sample_keys(1);
    GIVES(TIDINGS_E_NULL, tidings_keys_ascon128(&keys, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_keys_ascon128(&keys, (const tidings_key_bytes_t *)(const void *)&keys));
    bytes.kid = 128;
    GIVES(TIDINGS_E_KID, tidings_keys_chacha20poly1305(&keys, &bytes));
    GIVES(TIDINGS_E_KID, tidings_keys_ascon128(&keys, &bytes));
    bytes.kid = 127;
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&keys, &bytes));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
    memset(bytes.down, 0xFF, sizeof(bytes.down));
    memset(bytes.up, 0xFF, sizeof(bytes.up));
    GIVES(TIDINGS_E_SAME_KEYS, tidings_keys_chacha20poly1305(&keys, &bytes));
    memset(&bytes, 0, sizeof(bytes));
    GIVES(TIDINGS_E_SAME_KEYS, tidings_keys_ascon128(&keys, &bytes));
}

/* After the end no byte of a key is left in the handle. */
static void test_wiped(void) {
    const tidings_key_bytes_t bytes = sample_keys(1);
    const uint8_t *const memory = (const uint8_t *)&keys;
    uint8_t secret[16];
    size_t at;
    GIVES(TIDINGS_OK, tidings_keys_chacha20poly1305(&keys, &bytes));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
    for (at = 0; at < sizeof(keys); at++) {
        CHECK(memory[at] == 0);
    }
    memset(secret, 0xA5, sizeof(secret));
    GIVES(TIDINGS_OK, tidings_wipe(secret, sizeof(secret) - 1));
    for (at = 0; at + 1 < sizeof(secret); at++) {
        CHECK(secret[at] == 0);
    }
    CHECK(secret[sizeof(secret) - 1] == 0xA5);
    GIVES(TIDINGS_OK, tidings_wipe(NULL, 0));
    GIVES(TIDINGS_E_NULL, tidings_wipe(NULL, 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_wipe(secret, SIZE_MAX));
}

static void test_in_use(void) {
    tidings_key_bytes_t bytes = sample_keys(1);
    size_t len = 0;
    GIVES(TIDINGS_OK, tidings_keys_chacha20poly1305(&keys, &bytes));
    bring_up(&keys);
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, LATER, packet, sizeof(packet), &len));
    GIVES(TIDINGS_E_BUSY, tidings_keys_deinit(&keys));
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&other, &bytes));
    GIVES(TIDINGS_E_KEYS_SAME_KID, tidings_change_keys(&device.agent, &other));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&other));
    bytes = sample_keys(2);
    bytes.digest[3] ^= 1;
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&other, &bytes));
    GIVES(TIDINGS_E_KEYS_OTHER_DIGEST, tidings_change_keys(&device.agent, &other));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&other));
    bytes = sample_keys(2);
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&other, &bytes));
    GIVES(TIDINGS_OK, tidings_change_keys(&device.agent, &other));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys)); /* the old ones are free */
    GIVES(TIDINGS_E_BUSY, tidings_keys_deinit(&other));
    {
        const tidings_epoch_store_t callbacks = store_of(&store);
        GIVES(TIDINGS_OK, tidings_maintain(&device.agent, MUCH_LATER, &callbacks));
        GIVES(TIDINGS_OK, tidings_transmit(&device.agent, MUCH_LATER, packet, sizeof(packet), &len));
    }
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&other));
}

/* Keys in use are no one's to write: they lie apart from the agent's memory, and no argument lies in them. */
static void test_apart(void) {
    const tidings_epoch_store_t callbacks = store_of(&store);
    tidings_key_bytes_t bytes = sample_keys(1);
    tidings_keys_t *const in_table = (tidings_keys_t *)(void *)(device.table + 2);
    tidings_keys_t *const in_events = (tidings_keys_t *)(void *)device.events;
    uint8_t *const in_keys = (uint8_t *)&keys + 40;
    uint8_t *const in_other = (uint8_t *)&other + 40;
    tidings_config_t config = config_of(&device);
    config.keys = in_table;
    GIVES(TIDINGS_OK, tidings_keys_ascon128(in_table, &bytes));
    GIVES(TIDINGS_E_OVERLAP, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_keys_deinit(in_table));
    config.keys = in_events;
    GIVES(TIDINGS_OK, tidings_keys_ascon128(in_events, &bytes));
    GIVES(TIDINGS_E_OVERLAP, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_keys_deinit(in_events));
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&keys, &bytes));
    bring_up(&keys);
    GIVES(TIDINGS_E_OVERLAP, tidings_is_synced(&device.agent, in_keys));
    GIVES(TIDINGS_E_OVERLAP, tidings_receive(&device.agent, LATER, in_keys, 16));
    GIVES(TIDINGS_OK, tidings_is_synced(&device.agent, in_other));
    bytes = sample_keys(2);
    GIVES(TIDINGS_OK, tidings_keys_ascon128(in_table, &bytes));
    GIVES(TIDINGS_E_OVERLAP, tidings_change_keys(&device.agent, in_table));
    GIVES(TIDINGS_OK, tidings_keys_deinit(in_table));
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&other, &bytes));
    GIVES(TIDINGS_OK, tidings_change_keys(&device.agent, &other));
    GIVES(TIDINGS_OK, tidings_is_synced(&device.agent, in_keys)); /* no longer in use */
    GIVES(TIDINGS_E_OVERLAP, tidings_is_synced(&device.agent, in_other));
    GIVES(TIDINGS_OK, tidings_maintain(&device.agent, MUCH_LATER, &callbacks));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    memset(&keys, 0, sizeof(keys)); /* written over above */
    GIVES(TIDINGS_OK, tidings_keys_deinit(&other));
}

/* A suite of the firmware's own that adds 1 to each byte, counts, can fail, and tries to get back in. */
static struct {
    unsigned sealed;
    int fails;
    int was_busy;
    int context;
} hardware;

static tidings_status_t seal(void *ctx, const uint8_t *nonce, const uint8_t *clear, size_t clear_len, uint8_t *body,
                             size_t body_len, uint8_t *check_bytes) {
    uint8_t sum = (uint8_t)(nonce[0] + clear[clear_len - 1]);
    size_t at;
    CHECK(ctx == &hardware.context);
    hardware.sealed++;
    hardware.was_busy = tidings_tick(&device.agent, 9) == TIDINGS_E_BUSY && tidings_keys_deinit(&keys) == TIDINGS_E_BUSY;
    for (at = 0; at < body_len; at++) {
        body[at] = (uint8_t)(body[at] + 1);
        sum = (uint8_t)(sum + body[at]);
    }
    memset(check_bytes, sum, 4);
    return hardware.fails ? -1 : TIDINGS_OK;
}

static tidings_status_t open_(void *ctx, const uint8_t *nonce, const uint8_t *clear, size_t clear_len, uint8_t *body,
                              size_t body_len, const uint8_t *check_bytes) {
    (void)ctx;
    (void)nonce;
    (void)clear;
    (void)clear_len;
    (void)body;
    (void)body_len;
    (void)check_bytes;
    return -1;
}

static tidings_suite_t suite_of(void) {
    tidings_suite_t suite = TIDINGS_ZERO;
    suite.ctx = &hardware.context;
    suite.seal = seal;
    suite.open = open_;
    suite.check_len = 4;
    suite.kid = 5;
    memset(suite.digest, 7, sizeof(suite.digest));
    return suite;
}

static void test_hardware_refused(void) {
    tidings_suite_t suite = suite_of();
    GIVES(TIDINGS_E_NULL, tidings_keys_hardware(&keys, NULL));
    GIVES(TIDINGS_E_NULL, tidings_keys_hardware(NULL, &suite));
    suite.seal = NULL;
    GIVES(TIDINGS_E_NULL, tidings_keys_hardware(&keys, &suite));
    suite = suite_of();
    suite.open = NULL;
    GIVES(TIDINGS_E_NULL, tidings_keys_hardware(&keys, &suite));
    suite = suite_of();
    suite.check_len = 3;
    GIVES(TIDINGS_E_VALUE, tidings_keys_hardware(&keys, &suite));
    suite.check_len = 17;
    GIVES(TIDINGS_E_VALUE, tidings_keys_hardware(&keys, &suite));
    suite.check_len = 16;
    suite.kid = 128;
    GIVES(TIDINGS_E_KID, tidings_keys_hardware(&keys, &suite));
}

static void test_hardware(void) {
    const tidings_suite_t suite = suite_of();
    size_t len = 0, zeros = 0, sent;
    GIVES(TIDINGS_OK, tidings_keys_hardware(&keys, &suite));
    bring_up(&keys);
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, LATER, packet, sizeof(packet), &len));
    CHECK(hardware.sealed == 1 && hardware.was_busy);
    CHECK(packet[len - 1] == packet[len - 4]);
    hardware.fails = 1;
    sent = len;
    memset(packet, 0, sizeof(packet));
    GIVES(TIDINGS_E_SEAL, tidings_transmit(&device.agent, MUCH_LATER, packet, sizeof(packet), &len));
    CHECK(len == 0 && hardware.sealed == 2);
    while (zeros < sent && packet[sent - 1 - zeros] == 0) {
        zeros++;
    }
    CHECK(zeros >= 10); /* body and check: what could not be sealed is nowhere in clear */
    GIVES(TIDINGS_NOTHING, tidings_transmit(&device.agent, MUCH_LATER, packet, sizeof(packet), &len)); /* told once */
    hardware.fails = 0;
    GIVES(TIDINGS_OK, tidings_transmit(&device.agent, 2u * MUCH_LATER, packet, sizeof(packet), &len));
    CHECK(len > 10 && hardware.sealed == 3);
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
}

/* On a stream: no byte of a packet that was not sealed. */
static void test_hardware_on_a_stream(void) {
    const tidings_suite_t suite = suite_of();
    tidings_serial_t serial = TIDINGS_ZERO;
    uint8_t frame[256], received[TIDINGS_MAX_ANSWER];
    size_t len = 0;
    GIVES(TIDINGS_OK, tidings_keys_hardware(&keys, &suite));
    bring_up(&keys);
    GIVES(TIDINGS_OK, tidings_serial_init(&serial, frame, sizeof(frame), received, sizeof(received)));
    hardware.fails = 1;
    GIVES(TIDINGS_E_SEAL, tidings_serial_send(&serial, &device.agent, LATER, packet, sizeof(packet), &len));
    CHECK(len == 0);
    GIVES(TIDINGS_NOTHING, tidings_serial_send(&serial, &device.agent, LATER, packet, sizeof(packet), &len));
    hardware.fails = 0;
    GIVES(TIDINGS_OK, tidings_serial_send(&serial, &device.agent, MUCH_LATER, packet, sizeof(packet), &len));
    CHECK(len > 10 && packet[len - 1] == 0);
    hardware.fails = 1; /* once more, between two that leave */
    GIVES(TIDINGS_E_SEAL, tidings_serial_send(&serial, &device.agent, 5u * MUCH_LATER, packet, sizeof(packet), &len));
    hardware.fails = 0;
    GIVES(TIDINGS_OK, tidings_serial_send(&serial, &device.agent, 20u * MUCH_LATER, packet, sizeof(packet), &len));
    CHECK(len > 10 && packet[len - 1] == 0);
    GIVES(TIDINGS_OK, tidings_serial_deinit(&serial));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
}

static void test_never_back_to_plain(void) {
    const tidings_key_bytes_t bytes = sample_keys(1);
    const tidings_config_t config = config_of(&device);
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config)); /* plain */
    GIVES(TIDINGS_OK, tidings_keys_ascon128(&keys, &bytes));
    GIVES(TIDINGS_E_NULL, tidings_change_keys(&device.agent, NULL));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
    GIVES(TIDINGS_OK, tidings_keys_deinit(&keys));
}

void test_keys(void) {
    memset(&keys, 0, sizeof(keys));
    test_bytes();
    test_wiped();
    test_started_again();
    test_in_use();
    test_apart();
    test_hardware_refused();
    test_hardware();
    test_hardware_on_a_stream();
    test_never_back_to_plain();
}
