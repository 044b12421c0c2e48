/* Shows that the reference does its job, on the host: facts in, a report out, an acknowledgement in. */

#include "lower_bound.c"
#include <assert.h>
#include <string.h>

static int record(uint8_t kind, const char *key, const char *value) {
    return lower_bound_record(kind, (const uint8_t *)key, strlen(key), (const uint8_t *)value, strlen(value));
}

static int acknowledge(void) {
    uint8_t answer[8];
    for (int i = 0; i < 4; i++) answer[i] = (uint8_t)(counter >> 8 * i);
    uint32_t crc = crc32(answer, 4);
    for (int i = 0; i < 4; i++) answer[4 + i] = (uint8_t)(crc >> 8 * i);
    return lower_bound_input(answer, sizeof answer);
}

int main(void) {
    static const uint8_t both[] = "\x20\x01\x00\x01\x01" "a\x01" "1\x01\x01" "b\x03" "333";
    static const uint8_t removal[] = "\x20\x02\x03\x81\x01" "a";
    uint8_t packet[64];
    assert(record(1, "b", "22") == CHANGED && record(1, "a", "1") == CHANGED);
    assert(record(1, "b", "22") == UNCHANGED && record(1, "b", "333") == CHANGED);
    size_t len = lower_bound_transmit(packet, sizeof packet);
    assert(len == sizeof both - 1 + 4 && !memcmp(packet, both, sizeof both - 1));
    assert(crc32(packet, len - 4) == word(packet + len - 4));
    assert(acknowledge() && !lower_bound_transmit(packet, sizeof packet));
    size_t before = used;
    assert(lower_bound_remove(1, (const uint8_t *)"a", 1) == CHANGED && lower_bound_remove(1, (const uint8_t *)"a", 1) == UNCHANGED);
    len = lower_bound_transmit(packet, sizeof packet);
    assert(len == sizeof removal - 1 + 4 && !memcmp(packet, removal, sizeof removal - 1));
    assert(acknowledge() && used == before - HEAD - 2);
    char key[3] = "k0";
    while (record(2, key, "a value of some length") == CHANGED) key[1]++;
    assert(record(2, key, "a value of some length") == FULL && used <= ARENA);
    return 0;
}
