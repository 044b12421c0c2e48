/* A fixed history, every packet of which is printed in hex, then every fact as it is held; the Rust test beside this tells the same to the crate. */
#include "../c/check.h"

#include <stdio.h>
#include <string.h>

static device_t device;
static tidings_keys_t keys;
static tidings_kept_events_t kept;
static queue_t queue;

static void print_bytes(const void *bytes, size_t len) {
    size_t at;
    for (at = 0; at < len; at++) {
        printf("%02x", (unsigned)((const uint8_t *)bytes)[at]);
    }
}

static void print_packets(uint64_t from_ms, uint64_t until_ms) {
    uint8_t packet[TIDINGS_MAX_PACKET];
    uint64_t now = from_ms;
    while (now <= until_ms) {
        size_t len = 0;
        if (tidings_transmit(&device.agent, now, packet, sizeof(packet), &len) == TIDINGS_OK) {
            printf("%lu ", (unsigned long)now);
            print_bytes(packet, len);
            printf("\n");
        } else {
            uint64_t at = 0;
            tidings_next_deadline(&device.agent, &at);
            now = at > now ? at : now + 1;
        }
    }
}

static void print_facts(void) {
    tidings_view_t view = TIDINGS_ZERO;
    size_t at;
    for (at = 0; tidings_view(&device.agent, at, &view) == TIDINGS_OK; at++) {
        printf("%u ", (unsigned)view.kind);
        print_bytes(view.key.ptr, view.key.len);
        printf(" ");
        print_bytes(view.value.ptr, view.value.len);
        printf("\n");
    }
}

static void take_keys(const char *suite) {
    const tidings_key_bytes_t bytes = sample_keys(3);
    if (strcmp(suite, "chacha") == 0) {
        GIVES(TIDINGS_OK, tidings_keys_chacha20poly1305(&keys, &bytes));
    } else if (strcmp(suite, "ascon") == 0) {
        GIVES(TIDINGS_OK, tidings_keys_ascon128(&keys, &bytes));
    }
}

int main(int argc, char **argv) {
    const char *const suite = argc > 2 ? argv[1] : "plain";
    const tidings_event_t event = sample_event();
    const tidings_software_t gone = sample_software();
    size_t at;
    store_t store;
    const tidings_epoch_store_t callbacks = store_of(&store);
    const tidings_event_store_t records = queue_of(&queue);
    tidings_config_t config = config_of(&device);
    memset(&store, 0, sizeof(store));
    store.epoch = 6;
    store.has_epoch = 1;
    take_keys(suite);
    config.keys = strcmp(suite, "plain") == 0 ? NULL : &keys;
    config.expected = TIDINGS_KIND_BIT(TIDINGS_KIND_SOFTWARE);
    config.schema_rev = 9;
    config.resets = 4;
    config.boot_reason = TIDINGS_BOOT_REASON_WATCHDOG;
    config.boot_event = TIDINGS_BOOT_EVENT(TIDINGS_SEVERITY_NOTICE);
    config.one_way = argc > 2 && strcmp(argv[2], "one-way") == 0;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, tidings_start(&device.agent, 0, &callbacks));
#define TELL(name) \
    { \
        const tidings_##name##_t fact = sample_##name(); \
        GIVES(TIDINGS_OK, tidings_record_##name(&device.agent, &fact)); \
    }
    EACH_FACT(TELL)
    GIVES(TIDINGS_OK, tidings_complete(&device.agent, TIDINGS_KIND_SOFTWARE));
    print_packets(10, 20000);
    GIVES(TIDINGS_OK, tidings_tick(&device.agent, 30000));
    GIVES(TIDINGS_OK, tidings_remove_software(&device.agent, &gone));
    GIVES(TIDINGS_OK, tidings_event(&device.agent, &event));
    GIVES(TIDINGS_OK, tidings_kept_events_init(&kept, &records));
    GIVES(TIDINGS_OK, tidings_event_kept(&device.agent, &kept, &event));
    print_packets(30000, 60000);
    GIVES(TIDINGS_OK, tidings_maintain_events(&device.agent, &kept));
    for (at = 0; at < queue.count; at++) { /* the record, and none where a link that cannot answer gave it up */
        print_bytes(queue.records[at], queue.lens[at]);
        printf("\n");
    }
    print_facts();
    return check_end();
}
