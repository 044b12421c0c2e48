/* Mailboxes: every kind through one, what does not fit, what is full, who may get in. */
#include "check.h"

#include <string.h>

#define MESSAGES 3u

static device_t device;
TIDINGS_MAILBOX(box, MESSAGES);

static size_t held(void) {
    tidings_view_t view = TIDINGS_ZERO;
    size_t count = 0;
    while (tidings_view(&device.agent, count, &view) == TIDINGS_OK) {
        count++;
    }
    return count;
}

static uint32_t refused(void) {
    uint32_t count = 0;
    GIVES(TIDINGS_OK, tidings_mailbox_refused(&box.box, &count));
    return count;
}

static void test_each(void) {
#define TRY(name) \
    { \
        const tidings_##name##_t fact = short_##name(); \
        const tidings_##name##_t *const odd = (const tidings_##name##_t *)(const void *)((const uint8_t *)&fact + 1); \
        GIVES(TIDINGS_OK, tidings_post_##name(&box.box, &fact)); \
        CHECK(held() == 0); \
        GIVES(TIDINGS_OK, tidings_drain(&device.agent, 1, &box.box)); \
        CHECK(held() == 1); \
        GIVES(TIDINGS_UNCHANGED, tidings_record_##name(&device.agent, &fact)); \
        GIVES(TIDINGS_OK, tidings_post_remove_##name(&box.box, &fact)); \
        GIVES(TIDINGS_OK, tidings_drain(&device.agent, 2, &box.box)); \
        CHECK(held() == 0); \
        GIVES(TIDINGS_E_NULL, tidings_post_##name(&box.box, NULL)); \
        GIVES(TIDINGS_E_NULL, tidings_post_remove_##name(&box.box, NULL)); \
        GIVES(TIDINGS_E_MISALIGNED, tidings_post_##name(&box.box, odd)); \
        GIVES(TIDINGS_E_MISALIGNED, tidings_post_remove_##name(&box.box, odd)); \
    }
    EACH_FACT(TRY)
#undef TRY
    CHECK(refused() == 0);
}

static void test_bounds(void) {
    char letters[TIDINGS_MAX_VALUE + 1];
    tidings_vendor_t fact = short_vendor();
    tidings_event_t event = short_event();
    memset(letters, 'x', sizeof(letters));
    fact.key = tidings_bytes(letters, 1);
    fact.value = tidings_bytes(letters, TIDINGS_MESSAGE_ROOM - 3); /* the vendor's kind has 2 bytes */
    GIVES(TIDINGS_OK, tidings_post_vendor(&box.box, &fact));
    GIVES(TIDINGS_OK, tidings_drain(&device.agent, 3, &box.box));
    CHECK(held() == 1);
    fact.value.len++;
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_vendor(&box.box, &fact));
    CHECK(refused() == 1);
    fact.value = tidings_bytes((const void *)(uintptr_t)16, TIDINGS_MESSAGE_ROOM + 1); /* refused before it is read */
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_vendor(&box.box, &fact));
    fact.value.len = SIZE_MAX;
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_vendor(&box.box, &fact));
    CHECK(refused() == 3);
    event.data = tidings_bytes(letters, TIDINGS_MESSAGE_ROOM - 2);
    GIVES(TIDINGS_OK, tidings_post_event(&box.box, &event));
    event.data.len++;
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_event(&box.box, &event));
    event.data = tidings_bytes((const void *)(uintptr_t)16, TIDINGS_MESSAGE_ROOM + 1);
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_event(&box.box, &event));
    event = sample_event();
    GIVES(TIDINGS_E_VALUE, tidings_post_event(&box.box, &event)); /* no room for an actor */
    event = short_event();
    event.severity = 4;
    GIVES(TIDINGS_E_VALUE, tidings_post_event(&box.box, &event));
    GIVES(TIDINGS_E_NULL, tidings_post_event(&box.box, NULL));
    GIVES(TIDINGS_OK, tidings_drain(&device.agent, 4, &box.box));
}

/* A list whose entries fit one by one and not together is refused before all of it is read. */
static void test_list(void) {
    tidings_bytes_t groups[3];
    tidings_account_t fact = short_account();
    groups[0] = groups[1] = tidings_text("a group of 20 bytes.");
    groups[2] = tidings_bytes((const void *)(uintptr_t)16, 20);
    fact.groups = groups;
    fact.group_count = 3;
    GIVES(TIDINGS_E_MAILBOX_TOO_LONG, tidings_post_account(&box.box, &fact));
}

/* Arguments lie nowhere in the box. */
static void test_overlaps(void) {
    uint32_t *const inside = (uint32_t *)(void *)box.messages;
    const uint32_t before = refused();
    GIVES(TIDINGS_E_OVERLAP, tidings_mailbox_refused(&box.box, inside));
    GIVES(TIDINGS_E_OVERLAP, tidings_mailbox_refused(&box.box, (uint32_t *)(void *)&box.box));
    GIVES(TIDINGS_E_OVERLAP, tidings_post_vendor(&box.box, (const tidings_vendor_t *)(const void *)&box.box));
    GIVES(TIDINGS_E_OVERLAP, tidings_post_event(&box.box, (const tidings_event_t *)(const void *)&box.box));
    CHECK(refused() == before);
}

/* A full box refuses the newest and counts; over many rounds every turn is used. */
static void test_full(void) {
    tidings_raw_t fact = short_raw();
    char key = 'a';
    unsigned at, round;
    const uint32_t before = refused();
    fact.key = tidings_bytes(&key, 1);
    for (round = 0; round < 3; round++) {
        for (at = 0; at < MESSAGES; at++) {
            GIVES(TIDINGS_OK, tidings_post_raw(&box.box, &fact));
            key++;
        }
        GIVES(TIDINGS_E_MAILBOX_FULL, tidings_post_raw(&box.box, &fact));
        GIVES(TIDINGS_OK, tidings_drain(&device.agent, 5 + round, &box.box));
    }
    CHECK(refused() == before + 3);
    CHECK(held() == 1 + 3 * MESSAGES);
}

static void test_refused_handles(void) {
    static union {
        tidings_mailbox_t box;
        tidings_message_t messages[2];
    } both;
    tidings_mailbox_t other;
    tidings_message_t messages[2];
    memset(&other, 0xA5, sizeof(other));
    GIVES(TIDINGS_E_NULL, tidings_mailbox_init(&other, NULL, 2));
    GIVES(TIDINGS_E_VALUE, tidings_mailbox_init(&other, messages, 0));
    GIVES(TIDINGS_E_TOO_LONG, tidings_mailbox_init(&other, messages, TIDINGS_MAX_MESSAGES + 1));
    GIVES(TIDINGS_E_TOO_LONG, tidings_mailbox_init(&other, messages, SIZE_MAX));
    GIVES(TIDINGS_E_MISALIGNED, tidings_mailbox_init(&other, (tidings_message_t *)(void *)((uint8_t *)messages + 1), 1));
    GIVES(TIDINGS_E_OVERLAP, tidings_mailbox_init(&both.box, both.messages, 2));
    GIVES(TIDINGS_E_NULL, tidings_mailbox_refused(&box.box, NULL));
    GIVES(TIDINGS_E_NULL, tidings_drain(&device.agent, 9, NULL));
}

void test_mailbox(void) {
    const tidings_config_t config = config_of(&device);
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, TIDINGS_MAILBOX_INIT(box));
    test_each();
    test_bounds();
    test_list();
    test_overlaps();
    test_full();
    test_refused_handles();
    GIVES(TIDINGS_OK, tidings_mailbox_deinit(&box.box));
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}
