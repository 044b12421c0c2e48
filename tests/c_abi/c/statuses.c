/* Numbers: versions add up, statuses have texts. That the list of statuses only grows, the Rust test beside this sees. */
#include "check.h"

#include <string.h>

static const tidings_status_t negative[] = {
    TIDINGS_E_NULL, TIDINGS_E_MISALIGNED, TIDINGS_E_HANDLE, TIDINGS_E_BUSY, TIDINGS_E_LIVE, TIDINGS_E_ABI, TIDINGS_E_VALUE,
    TIDINGS_E_OVERLAP, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG, TIDINGS_E_FULL, TIDINGS_E_KIND, TIDINGS_E_NO_SCAN, TIDINGS_E_ID,
    TIDINGS_E_MTU, TIDINGS_E_BUFFER, TIDINGS_E_UNSUPPORTED, TIDINGS_E_KID, TIDINGS_E_SAME_KEYS, TIDINGS_E_EPOCH_STORE,
    TIDINGS_E_EPOCH_NOT_KEPT, TIDINGS_E_EPOCH_EXHAUSTED, TIDINGS_E_NOT_PROVISIONED, TIDINGS_E_PACKET_MALFORMED,
    TIDINGS_E_PACKET_VERSION, TIDINGS_E_PACKET_DIRECTION, TIDINGS_E_PACKET_SUITE, TIDINGS_E_PACKET_UNASKED,
    TIDINGS_E_PACKET_CHECK, TIDINGS_E_NOT_EXPECTED, TIDINGS_E_BODY_MALFORMED, TIDINGS_E_KEYS_PLAIN, TIDINGS_E_KEYS_SAME_KID,
    TIDINGS_E_KEYS_OTHER_DIGEST, TIDINGS_E_SEAL, TIDINGS_E_MAILBOX_FULL, TIDINGS_E_MAILBOX_TOO_LONG, TIDINGS_E_UNKNOWN,
};

static void test_texts(void) {
    size_t at, other;
    const size_t count = sizeof(negative) / sizeof(negative[0]);
    for (at = 0; at < count; at++) {
        const char *text = tidings_status_str(negative[at]);
        CHECK(negative[at] < 0);
        CHECK(strcmp(text, "unknown status") != 0);
        for (other = 0; other < at; other++) {
            CHECK(negative[other] != negative[at]);
            CHECK(strcmp(text, tidings_status_str(negative[other])) != 0);
        }
    }
    CHECK(strcmp(tidings_status_str(TIDINGS_OK), "ok") == 0);
    CHECK(strcmp(tidings_status_str(TIDINGS_UNCHANGED), "unknown status") != 0);
    CHECK(strcmp(tidings_status_str(TIDINGS_SWITCHED_OFF), "unknown status") != 0);
    CHECK(strcmp(tidings_status_str(TIDINGS_NOTHING), "unknown status") != 0);
    CHECK(strcmp(tidings_status_str(TIDINGS_BLANK), "unknown status") != 0);
    CHECK(strcmp(tidings_status_str(5), "unknown status") == 0);
    CHECK(strcmp(tidings_status_str(-24), "unknown status") == 0);
    CHECK(strcmp(tidings_status_str(INT32_MIN), "unknown status") == 0);
    CHECK(strcmp(tidings_status_str(INT32_MAX), "unknown status") == 0);
}

static void test_versions(void) {
    const char *text = tidings_version_str();
    uint32_t parts[3] = {0, 0, 0};
    size_t part = 0;
    for (; *text; text++) {
        if (*text == '.') {
            part++;
        } else if (part < 3) {
            parts[part] = parts[part] * 10u + (uint32_t)(*text - '0');
        }
    }
    CHECK(part == 2);
    CHECK(parts[0] == TIDINGS_VERSION_MAJOR && parts[1] == TIDINGS_VERSION_MINOR && parts[2] == TIDINGS_VERSION_PATCH);
    CHECK(TIDINGS_VERSION == (parts[0] << 16) + (parts[1] << 8) + parts[2]);
    CHECK(tidings_version() == TIDINGS_VERSION);
    CHECK(tidings_wire_version() == (TIDINGS_WIRE_VERSION << 8) + TIDINGS_WIRE_MINOR);
    CHECK(tidings_abi() == TIDINGS_ABI);
    CHECK(tidings_agent_size() == sizeof(tidings_agent_t));
}

static void test_inlines(void) {
    tidings_scalar_t scalar = tidings_enum(UINT32_MAX);
    char longest[TIDINGS_MAX_VALUE + 8];
    memset(longest, 'x', sizeof(longest));
    longest[sizeof(longest) - 1] = 0;
    CHECK(scalar.scalar_type == TIDINGS_SCALAR_ENUM && scalar.number == (int64_t)UINT32_MAX);
    scalar = tidings_int(INT64_MIN);
    CHECK(scalar.scalar_type == TIDINGS_SCALAR_INT && scalar.number == INT64_MIN);
    CHECK(tidings_text(NULL).len == 0);
    CHECK(tidings_text("").len == 0);
    CHECK(tidings_text("abc").len == 3);
    CHECK(tidings_text(longest).len == TIDINGS_MAX_VALUE + 1);
    CHECK(TIDINGS_KIND_BIT(TIDINGS_KIND_VENDOR) == 0x8000u);
    CHECK(TIDINGS_FRAME_BYTES(254) == 258);
}

void test_statuses(void) {
    test_texts();
    test_versions();
    test_inlines();
}
