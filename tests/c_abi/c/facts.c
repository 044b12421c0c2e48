/* Facts, events, scans and coverage: what is kept, and what is refused with nothing changed but the kind told as partial. */
#include "check.h"

#include <string.h>

static device_t device;
static char letters[TIDINGS_MAX_VALUE + 64];

/* Facts of the firmware's, without what the agent says of itself. */
static size_t held(void) {
    tidings_view_t view = TIDINGS_ZERO;
    size_t index = 0, count = 0;
    while (tidings_view(&device.agent, index++, &view) == TIDINGS_OK) {
        count += view.kind != TIDINGS_KIND_AGENT || *(const uint8_t *)view.key.ptr != TIDINGS_AGENT_ITEM_COVERAGE;
    }
    return count;
}

static uint8_t coverage_of(uint8_t kind) {
    uint8_t state = 99;
    tidings_coverage(&device.agent, kind, &state);
    return state;
}

static void bring_up(void) {
    const tidings_config_t config = config_of(&device);
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
}

static void take_down(void) {
    GIVES(TIDINGS_OK, tidings_deinit(&device.agent));
}

/* A fact of each kind comes once, stays, and goes once; its pointer is checked. */
static void test_each(void) {
#define TRY(name) \
    { \
        const tidings_##name##_t fact = sample_##name(); \
        const tidings_##name##_t *const odd = (const tidings_##name##_t *)(const void *)((const uint8_t *)&fact + 1); \
        const tidings_##name##_t *const inside = (const tidings_##name##_t *)(const void *)device.table; \
        const size_t before = held(); \
        GIVES(TIDINGS_OK, tidings_record_##name(&device.agent, &fact)); \
        CHECK(held() == before + 1); \
        GIVES(TIDINGS_UNCHANGED, tidings_record_##name(&device.agent, &fact)); \
        GIVES(TIDINGS_OK, tidings_remove_##name(&device.agent, &fact)); \
        CHECK(held() == before); \
        GIVES(TIDINGS_UNCHANGED, tidings_remove_##name(&device.agent, &fact)); \
        GIVES(TIDINGS_E_NULL, tidings_record_##name(&device.agent, NULL)); \
        GIVES(TIDINGS_E_NULL, tidings_remove_##name(&device.agent, NULL)); \
        GIVES(TIDINGS_E_MISALIGNED, tidings_record_##name(&device.agent, odd)); \
        GIVES(TIDINGS_E_MISALIGNED, tidings_remove_##name(&device.agent, odd)); \
        GIVES(TIDINGS_E_OVERLAP, tidings_record_##name(&device.agent, inside)); \
        GIVES(TIDINGS_E_OVERLAP, tidings_remove_##name(&device.agent, inside)); \
        GIVES(TIDINGS_OK, tidings_record_##name(&device.agent, &fact)); \
    }
    bring_up();
    EACH_FACT(TRY)
#undef TRY
    take_down();
}

/* A fact is removed by its key alone: a value of wild pointers is not followed. */
static void test_keys_alone(void) {
#define FILL(name) \
    tidings_##name##_t fact; \
    const tidings_##name##_t full = sample_##name(); \
    memset(&fact, 0xA5, sizeof(fact));
#define COPY(field) fact.field = full.field;
#define TRY(name, fields) \
    { \
        FILL(name) \
        fields \
        GIVES(TIDINGS_OK, tidings_record_##name(&device.agent, &full)); \
        GIVES(TIDINGS_OK, tidings_remove_##name(&device.agent, &fact)); \
        GIVES(TIDINGS_UNCHANGED, tidings_remove_##name(&device.agent, &fact)); \
    }
    bring_up();
    TRY(account, COPY(key_form) COPY(key_name) COPY(key_realm))
    TRY(agent_item, COPY(item) COPY(arg))
    TRY(certificate, COPY(key_form) COPY(key_slot) COPY(key_index))
    TRY(health, COPY(metric) COPY(instance))
    TRY(identity, COPY(claim))
    TRY(interface, COPY(name))
    TRY(listener, COPY(protocol) COPY(port) COPY(address) COPY(iface))
    TRY(neighbour, COPY(link) COPY(address) COPY(iface))
    TRY(raw, COPY(kind) COPY(key))
    TRY(setting, COPY(id) COPY(name))
    TRY(software, COPY(key_form) COPY(key_ecosystem) COPY(key_name) COPY(key_architecture))
    TRY(update, COPY(slot) COPY(name))
    TRY(vendor, COPY(vendor_kind) COPY(key))
#undef TRY
    take_down();
}

/* A text of `len` bytes as a setting of the vendor's own; gives what recording it did. */
static tidings_status_t setting_of(const void *text, size_t len) {
    tidings_setting_t fact = TIDINGS_ZERO;
    fact.name = tidings_text("k");
    fact.value = tidings_scalar(TIDINGS_SCALAR_TEXT, tidings_bytes(text, len));
    return tidings_record_setting(&device.agent, &fact);
}

static tidings_status_t vendor_of(size_t key_len, size_t value_len) {
    tidings_vendor_t fact = TIDINGS_ZERO;
    fact.vendor_kind = 1;
    fact.key = tidings_bytes(letters, key_len);
    fact.value = tidings_bytes(letters, value_len);
    return tidings_record_vendor(&device.agent, &fact);
}

static tidings_status_t raw_of(uint8_t kind, size_t key_len, size_t value_len) {
    tidings_raw_t fact = TIDINGS_ZERO;
    fact.kind = kind;
    fact.key = tidings_bytes(letters, key_len);
    fact.value = tidings_bytes(letters, value_len);
    return tidings_record_raw(&device.agent, &fact);
}

static void test_lengths(void) {
    bring_up();
    GIVES(TIDINGS_OK, setting_of(letters, 0));
    GIVES(TIDINGS_UNCHANGED, setting_of(NULL, 0));
    GIVES(TIDINGS_OK, setting_of(letters, 1));
    GIVES(TIDINGS_E_NULL, setting_of(NULL, 1));
    GIVES(TIDINGS_E_TOO_LONG, setting_of(letters, TIDINGS_MAX_VALUE));
    CHECK(coverage_of(TIDINGS_KIND_SETTING) == TIDINGS_COVERAGE_PARTIAL);
    GIVES(TIDINGS_E_TOO_LONG, setting_of(letters, TIDINGS_MAX_VALUE + 1));
    GIVES(TIDINGS_E_TOO_LONG, setting_of(letters, SIZE_MAX));
    GIVES(TIDINGS_E_TOO_LONG, setting_of(NULL, SIZE_MAX));
    GIVES(TIDINGS_OK, vendor_of(1, 0));
    GIVES(TIDINGS_OK, vendor_of(TIDINGS_MAX_KEY - 2, TIDINGS_MAX_VALUE));
    GIVES(TIDINGS_E_TOO_LONG, vendor_of(TIDINGS_MAX_KEY - 1, 0));
    GIVES(TIDINGS_E_TOO_LONG, vendor_of(1, TIDINGS_MAX_VALUE + 1));
    GIVES(TIDINGS_E_TOO_LONG, vendor_of(SIZE_MAX, 0));
    GIVES(TIDINGS_OK, raw_of(12, 1, 1));
    GIVES(TIDINGS_OK, raw_of(12, TIDINGS_MAX_KEY, TIDINGS_MAX_VALUE));
    GIVES(TIDINGS_E_TOO_LONG, raw_of(12, TIDINGS_MAX_KEY + 1, 0));
    GIVES(TIDINGS_E_KIND, raw_of(16, 1, 1));
    GIVES(TIDINGS_E_KIND, raw_of(255, 1, 1));
    take_down();
}

static void test_texts(void) {
    const char wrong[] = {'a', (char)0xC0, (char)0x80, 0};
    bring_up();
    GIVES(TIDINGS_E_TEXT, setting_of(wrong, 3));
    CHECK(coverage_of(TIDINGS_KIND_SETTING) == TIDINGS_COVERAGE_PARTIAL);
    CHECK(held() == 0);
    GIVES(TIDINGS_OK, setting_of("\xC3\xBC", 2));
    GIVES(TIDINGS_E_TEXT, setting_of("\xC3\xBC", 1));
    GIVES(TIDINGS_E_OVERLAP, setting_of(device.table, 4));
    GIVES(TIDINGS_E_OVERLAP, setting_of(device.events, 4));
    GIVES(TIDINGS_E_OVERLAP, setting_of(&device.agent, 4));
    take_down();
}

/* What is refused for its contents is not left as it was: the old value goes, whatever is wrong with the new one. */
static void test_outdated(void) {
    const char wrong[] = {(char)0xFF, 0};
    tidings_health_t fact = sample_health();
    const tidings_limits_t limits = TIDINGS_ZERO;
    bring_up();
    GIVES(TIDINGS_OK, setting_of("on", 2));
    CHECK(held() == 1);
    GIVES(TIDINGS_E_TEXT, setting_of(wrong, 1));
    CHECK(held() == 0);
    GIVES(TIDINGS_OK, setting_of("on", 2));
    GIVES(TIDINGS_E_TOO_LONG, setting_of(letters, TIDINGS_MAX_VALUE + 1));
    CHECK(held() == 0 && coverage_of(TIDINGS_KIND_SETTING) == TIDINGS_COVERAGE_PARTIAL);
    GIVES(TIDINGS_OK, setting_of("on", 2));
    GIVES(TIDINGS_E_NULL, setting_of(NULL, 2)); /* a mistake in the call says nothing of the device */
    CHECK(held() == 1);
    fact.instance = tidings_bytes(wrong, 1);
    GIVES(TIDINGS_E_TEXT, tidings_sample_health(&device.agent, &fact, &limits));
    CHECK(coverage_of(TIDINGS_KIND_HEALTH) == TIDINGS_COVERAGE_PARTIAL);
    take_down();
}

static void test_lists(void) {
    tidings_bytes_t texts[TIDINGS_MAX_LIST + 1], addresses[TIDINGS_MAX_ADDRESSES + 1];
    tidings_account_t account = sample_account();
    tidings_interface_t interface = sample_interface();
    size_t at;
    for (at = 0; at <= TIDINGS_MAX_LIST; at++) {
        texts[at] = tidings_text("g");
    }
    for (at = 0; at <= TIDINGS_MAX_ADDRESSES; at++) {
        addresses[at] = tidings_bytes(letters, 4);
    }
    bring_up();
    account.groups = texts;
    account.group_count = TIDINGS_MAX_LIST;
    GIVES(TIDINGS_OK, tidings_record_account(&device.agent, &account));
    account.group_count++;
    GIVES(TIDINGS_E_TOO_LONG, tidings_record_account(&device.agent, &account));
    account.group_count = SIZE_MAX;
    GIVES(TIDINGS_E_TOO_LONG, tidings_record_account(&device.agent, &account));
    account.groups = NULL;
    account.group_count = 1;
    GIVES(TIDINGS_E_NULL, tidings_record_account(&device.agent, &account));
    account.group_count = 0;
    GIVES(TIDINGS_OK, tidings_record_account(&device.agent, &account));
    account.groups = (const tidings_bytes_t *)(const void *)((const uint8_t *)texts + 1);
    account.group_count = 1;
    GIVES(TIDINGS_E_MISALIGNED, tidings_record_account(&device.agent, &account));
    interface.addresses = addresses;
    interface.address_count = TIDINGS_MAX_ADDRESSES;
    GIVES(TIDINGS_OK, tidings_record_interface(&device.agent, &interface));
    interface.address_count++;
    GIVES(TIDINGS_E_TOO_LONG, tidings_record_interface(&device.agent, &interface));
    take_down();
}

#define REFUSED_AS(name, field, number, removed) \
    { \
        tidings_##name##_t fact = sample_##name(); \
        fact.field = number; \
        GIVES(TIDINGS_E_VALUE, tidings_record_##name(&device.agent, &fact)); \
        GIVES(removed, tidings_remove_##name(&device.agent, &fact)); \
    }
#define REFUSED(name, field, number) REFUSED_AS(name, field, number, TIDINGS_E_VALUE)
/* In the value, which a removal does not look at. */
#define REFUSED_VALUE(name, field, number) REFUSED_AS(name, field, number, TIDINGS_UNCHANGED)

#define TAKEN(name, field, number) \
    { \
        tidings_##name##_t fact = sample_##name(); \
        fact.field = number; \
        GIVES(TIDINGS_OK, tidings_record_##name(&device.agent, &fact)); \
        GIVES(TIDINGS_OK, tidings_remove_##name(&device.agent, &fact)); \
    }

/* What only the host gives meaning to is kept as it is; what decides how a struct is read is not. */
static void test_numbers(void) {
    bring_up();
    REFUSED(account, key_form, TIDINGS_ACCOUNT_HASHED + 1)
    REFUSED(certificate, key_form, 255)
    REFUSED(software, key_form, TIDINGS_SOFTWARE_HASHED + 1)
    REFUSED_VALUE(setting, value.scalar_type, TIDINGS_SCALAR_HASH + 1)
    REFUSED_VALUE(identity, value.scalar_type, 255)
    REFUSED_VALUE(setting, value, tidings_number(TIDINGS_SCALAR_BOOL, 2))
    REFUSED_VALUE(setting, value, tidings_number(TIDINGS_SCALAR_BOOL, -1))
    REFUSED_VALUE(setting, value, tidings_number(TIDINGS_SCALAR_ENUM, -1))
    REFUSED_VALUE(setting, value, tidings_number(TIDINGS_SCALAR_ENUM, (int64_t)UINT32_MAX + 1))
    CHECK(held() == 0);
    TAKEN(account, key_form, TIDINGS_ACCOUNT_UID)
    TAKEN(account, credential, 255)
    TAKEN(account, roles, UINT32_MAX)
    TAKEN(software, state, 255)
    TAKEN(software, key_form, TIDINGS_SOFTWARE_SLOT)
    TAKEN(setting, id, UINT16_MAX)
    TAKEN(setting, value, tidings_enum(UINT32_MAX))
    TAKEN(setting, value, tidings_int(INT64_MIN))
    TAKEN(setting, value, tidings_number(TIDINGS_SCALAR_UNSUPPORTED, 0))
    TAKEN(setting, value, tidings_scalar(TIDINGS_SCALAR_BYTES, tidings_text("x")))
    TAKEN(setting, value, tidings_scalar(TIDINGS_SCALAR_HASH, tidings_text("x")))
    TAKEN(health, exponent, INT8_MIN)
    take_down();
}

/* A table that is full says so, and tells the kind as partial; a table without room for any is always full. */
static void test_full(void) {
    tidings_stats_t stats = TIDINGS_ZERO;
    tidings_config_t config = config_of(&device);
    config.table_len = TIDINGS_TABLE_OVERHEAD + 100;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_OK, raw_of(12, 1, 1));
    GIVES(TIDINGS_E_FULL, raw_of(12, 2, 90));
    CHECK(coverage_of(12) == TIDINGS_COVERAGE_PARTIAL);
    GIVES(TIDINGS_OK, tidings_stats(&device.agent, &stats));
    CHECK(stats.facts_dropped == 1); /* not what the agent could not tell of it */
    take_down();
    config.table_len = TIDINGS_TABLE_OVERHEAD;
    GIVES(TIDINGS_OK, tidings_init(&device.agent, &config));
    GIVES(TIDINGS_E_FULL, raw_of(12, 1, 0));
    take_down();
}

static tidings_status_t event_of(uint8_t severity, size_t actor_len, size_t data_len) {
    tidings_event_t event = TIDINGS_ZERO;
    event.severity = severity;
    event.actor = tidings_bytes(letters, actor_len);
    event.data = tidings_bytes(letters, data_len);
    return tidings_event(&device.agent, &event);
}

static void test_events(void) {
    tidings_stats_t stats = TIDINGS_ZERO;
    unsigned at;
    bring_up();
    GIVES(TIDINGS_OK, event_of(TIDINGS_SEVERITY_CRITICAL, 16, 48));
    GIVES(TIDINGS_OK, event_of(TIDINGS_SEVERITY_INFO, 0, 0));
    GIVES(TIDINGS_E_TOO_LONG, event_of(TIDINGS_SEVERITY_INFO, 17, 0));
    GIVES(TIDINGS_E_TOO_LONG, event_of(TIDINGS_SEVERITY_INFO, 0, 49));
    GIVES(TIDINGS_E_TOO_LONG, event_of(TIDINGS_SEVERITY_INFO, SIZE_MAX, 0));
    GIVES(TIDINGS_E_VALUE, event_of(TIDINGS_SEVERITY_CRITICAL + 1, 0, 0));
    GIVES(TIDINGS_E_NULL, tidings_event(&device.agent, NULL));
    GIVES(TIDINGS_OK, tidings_stats(&device.agent, &stats));
    CHECK(stats.events_dropped == 0);
    for (at = 0; at < 20; at++) {
        GIVES(TIDINGS_OK, event_of(TIDINGS_SEVERITY_WARNING, 0, 48));
    }
    GIVES(TIDINGS_OK, tidings_stats(&device.agent, &stats));
    CHECK(stats.events_dropped > 0 && stats.events_dropped < 20);
    at = stats.events_dropped;
    GIVES(TIDINGS_OK, event_of(TIDINGS_SEVERITY_INFO, 0, 48)); /* lower than all that fill the ring */
    GIVES(TIDINGS_OK, tidings_stats(&device.agent, &stats));
    CHECK(stats.events_dropped == at + 1);
    take_down();
}

static void test_scans(void) {
    const uint8_t kind = TIDINGS_KIND_VENDOR;
    bring_up();
    GIVES(TIDINGS_OK, vendor_of(1, 1));
    GIVES(TIDINGS_OK, vendor_of(2, 1));
    GIVES(TIDINGS_E_NO_SCAN, tidings_scan_finish(&device.agent, kind));
    GIVES(TIDINGS_E_NO_SCAN, tidings_scan_partial(&device.agent, kind));
    GIVES(TIDINGS_E_NO_SCAN, tidings_scan_fail(&device.agent, kind));
    GIVES(TIDINGS_E_KIND, tidings_scan_begin(&device.agent, 16));
    GIVES(TIDINGS_E_KIND, tidings_scan_finish(&device.agent, 255));
    GIVES(TIDINGS_OK, tidings_scan_begin(&device.agent, kind));
    GIVES(TIDINGS_UNCHANGED, vendor_of(1, 1));
    GIVES(TIDINGS_OK, tidings_scan_fail(&device.agent, kind));
    CHECK(held() == 2 && coverage_of(kind) == TIDINGS_COVERAGE_FAILED);
    GIVES(TIDINGS_OK, tidings_scan_begin(&device.agent, kind));
    GIVES(TIDINGS_OK, tidings_scan_partial(&device.agent, kind));
    CHECK(held() == 2 && coverage_of(kind) == TIDINGS_COVERAGE_PARTIAL);
    GIVES(TIDINGS_OK, tidings_scan_begin(&device.agent, kind));
    GIVES(TIDINGS_OK, tidings_scan_begin(&device.agent, TIDINGS_KIND_SOFTWARE)); /* several at once */
    GIVES(TIDINGS_UNCHANGED, vendor_of(1, 1));
    GIVES(TIDINGS_OK, tidings_scan_finish(&device.agent, kind));
    GIVES(TIDINGS_OK, tidings_scan_finish(&device.agent, TIDINGS_KIND_SOFTWARE));
    CHECK(held() == 1 && coverage_of(kind) == TIDINGS_COVERAGE_COMPLETE);
    GIVES(TIDINGS_E_NO_SCAN, tidings_scan_finish(&device.agent, kind));
    take_down();
}

static void test_coverage(void) {
    const uint8_t kind = TIDINGS_KIND_VENDOR;
    uint8_t state = 99;
    bring_up();
    GIVES(TIDINGS_NOTHING, tidings_coverage(&device.agent, kind, &state));
    CHECK(state == 99);
    GIVES(TIDINGS_OK, vendor_of(1, 1));
    GIVES(TIDINGS_OK, tidings_complete(&device.agent, kind));
    CHECK(coverage_of(kind) == TIDINGS_COVERAGE_COMPLETE);
    GIVES(TIDINGS_OK, tidings_fail(&device.agent, kind));
    CHECK(coverage_of(kind) == TIDINGS_COVERAGE_FAILED);
    GIVES(TIDINGS_OK, tidings_switch_off(&device.agent, kind));
    CHECK(coverage_of(kind) == TIDINGS_COVERAGE_OFF && held() == 0);
    GIVES(TIDINGS_SWITCHED_OFF, vendor_of(1, 1));
    CHECK(held() == 0);
    GIVES(TIDINGS_OK, tidings_switch_on(&device.agent, kind));
    GIVES(TIDINGS_OK, vendor_of(1, 1));
    CHECK(held() == 1);
    GIVES(TIDINGS_E_KIND, tidings_complete(&device.agent, 16));
    GIVES(TIDINGS_E_KIND, tidings_fail(&device.agent, 255));
    GIVES(TIDINGS_E_KIND, tidings_switch_off(&device.agent, 16));
    GIVES(TIDINGS_E_KIND, tidings_switch_on(&device.agent, 16));
    GIVES(TIDINGS_E_KIND, tidings_coverage(&device.agent, 16, &state));
    GIVES(TIDINGS_E_NULL, tidings_coverage(&device.agent, kind, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_coverage(&device.agent, kind, (uint8_t *)device.table));
    take_down();
}

static tidings_status_t sample(int64_t value) {
    tidings_limits_t limits = TIDINGS_ZERO;
    tidings_health_t fact = sample_health();
    limits.warning = 800;
    limits.critical = 900;
    limits.hysteresis = 20;
    limits.dead_band = 50;
    fact.value = value;
    fact.state = TIDINGS_THRESHOLD_NONE;
    return tidings_sample_health(&device.agent, &fact, &limits);
}

static void test_samples(void) {
    const tidings_health_t fact = sample_health();
    tidings_limits_t limits = TIDINGS_ZERO;
    bring_up();
    GIVES(TIDINGS_OK, sample(500));
    GIVES(TIDINGS_UNCHANGED, sample(540));
    GIVES(TIDINGS_OK, sample(560));
    GIVES(TIDINGS_OK, sample(801));
    GIVES(TIDINGS_UNCHANGED, sample(795));
    GIVES(TIDINGS_OK, sample(905));
    GIVES(TIDINGS_E_NULL, tidings_sample_health(&device.agent, NULL, &limits));
    GIVES(TIDINGS_E_NULL, tidings_sample_health(&device.agent, &fact, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_sample_health(&device.agent, &fact, (const tidings_limits_t *)(const void *)device.table));
    take_down();
}

static void test_view(void) {
    tidings_view_t view = TIDINGS_ZERO;
    bring_up();
    GIVES(TIDINGS_NOTHING, tidings_view(&device.agent, 0, &view));
    GIVES(TIDINGS_OK, raw_of(12, 3, 2));
    GIVES(TIDINGS_OK, tidings_view(&device.agent, 0, &view));
    CHECK(view.kind == 12 && view.key.len == 3 && view.value.len == 2);
    CHECK(memcmp(view.key.ptr, letters, 3) == 0 && memcmp(view.value.ptr, letters, 2) == 0);
    GIVES(TIDINGS_NOTHING, tidings_view(&device.agent, SIZE_MAX, &view));
    GIVES(TIDINGS_E_NULL, tidings_view(&device.agent, 0, NULL));
    GIVES(TIDINGS_E_OVERLAP, tidings_view(&device.agent, 0, (tidings_view_t *)(void *)device.table));
    take_down();
}

void test_facts(void) {
    memset(letters, 'x', sizeof(letters));
    test_each();
    test_keys_alone();
    test_lengths();
    test_texts();
    test_outdated();
    test_lists();
    test_numbers();
    test_full();
    test_events();
    test_scans();
    test_coverage();
    test_samples();
    test_view();
}
