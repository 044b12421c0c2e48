/* The physical reference of the size table: the table-and-delta job alone, by hand, in C.
 *
 * It keeps sorted facts (kind, key) -> value in one arena, does nothing for an unchanged one, stamps a changed one, keeps a tombstone for a
 * removed one until the host knows, builds the report of everything after the last acknowledged change with a CRC-32, and takes the
 * acknowledgement. It has none of the rest: no digests, no range replacement, no events, no epochs, no retries, no coverage of kinds, no
 * typed facts, no suites, no counters, and it trusts its caller. What the SDK costs above this is the price of all that. */

#include <stddef.h>
#include <stdint.h>

enum { HEAD = 8, ARENA = 1024, MAX_KEY = 64, MAX_VALUE = 512, PLAIN_CHECK = 4, REMOVED = 0x80 };
enum { UNCHANGED = 0, CHANGED = 1, FULL = -1, TOO_LONG = -2 };

/* kind u8, with REMOVED | key length u8 | value length u16 | stamp u32 | key | value; sorted, without gaps. */
static uint8_t arena[ARENA];
static size_t used;
static uint32_t seq, acked, sent;
static uint32_t counter;

static void move(uint8_t *to, const uint8_t *from, size_t len) {
    if (to < from) {
        while (len--) *to++ = *from++;
    } else {
        while (len--) to[len] = from[len];
    }
}

static size_t value_len(const uint8_t *entry) { return entry[2] | (size_t)entry[3] << 8; }

static size_t entry_len(const uint8_t *entry) { return HEAD + entry[1] + value_len(entry); }

static uint32_t stamp_of(const uint8_t *entry) {
    return entry[4] | (uint32_t)entry[5] << 8 | (uint32_t)entry[6] << 16 | (uint32_t)entry[7] << 24;
}

static void set_stamp(uint8_t *entry) {
    seq++;
    for (int i = 0; i < 4; i++) entry[4 + i] = (uint8_t)(seq >> 8 * i);
}

static int compare(const uint8_t *entry, uint8_t kind, const uint8_t *key, size_t len) {
    int order = (entry[0] & ~REMOVED) - kind;
    for (size_t i = 0; !order && i < len && i < entry[1]; i++) order = entry[HEAD + i] - key[i];
    return order ? order : entry[1] - (int)len;
}

static int same(const uint8_t *one, const uint8_t *other, size_t len) {
    while (len--) {
        if (*one++ != *other++) return 0;
    }
    return 1;
}

/* The entry of the key, or the one before which it would stand. */
static uint8_t *find(uint8_t kind, const uint8_t *key, size_t len, int *found) {
    uint8_t *entry = arena;
    int order = 1;
    while (entry < arena + used && (order = compare(entry, kind, key, len)) < 0) entry += entry_len(entry);
    *found = entry < arena + used && order == 0;
    return entry;
}

/* Makes the bytes from `entry` on `to` long where they were `from`. */
static int resize(uint8_t *entry, size_t from, size_t to) {
    if (used + to - from > ARENA) return 0;
    move(entry + to, entry + from, used - (size_t)(entry - arena) - from);
    used += to - from;
    return 1;
}

int lower_bound_record(uint8_t kind, const uint8_t *key, size_t klen, const uint8_t *value, size_t vlen) {
    int found;
    if (klen - 1 >= MAX_KEY || vlen > MAX_VALUE) return TOO_LONG;
    uint8_t *entry = find(kind, key, klen, &found);
    if (found && !(entry[0] & REMOVED) && value_len(entry) == vlen && same(entry + HEAD + klen, value, vlen)) return UNCHANGED;
    if (!resize(entry, found ? entry_len(entry) : 0, HEAD + klen + vlen)) return FULL;
    entry[0] = kind;
    entry[1] = (uint8_t)klen;
    entry[2] = (uint8_t)vlen;
    entry[3] = (uint8_t)(vlen >> 8);
    move(entry + HEAD, key, klen);
    move(entry + HEAD + klen, value, vlen);
    set_stamp(entry);
    return CHANGED;
}

int lower_bound_remove(uint8_t kind, const uint8_t *key, size_t klen) {
    int found;
    uint8_t *entry = find(kind, key, klen, &found);
    if (!found || entry[0] & REMOVED) return UNCHANGED;
    resize(entry, entry_len(entry), HEAD + klen);
    entry[0] |= REMOVED;
    entry[2] = entry[3] = 0;
    set_stamp(entry);
    return CHANGED;
}

static uint8_t *varint(uint8_t *out, uint32_t value) {
    for (; value > 0x7F; value >>= 7) *out++ = (uint8_t)(value | 0x80);
    *out++ = (uint8_t)value;
    return out;
}

static uint32_t crc32(const uint8_t *bytes, size_t len) {
    uint32_t crc = ~(uint32_t)0;
    while (len--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xEDB88320u & -(crc & 1));
    }
    return ~crc;
}

/* The oldest change that is newer than `after`. */
static uint8_t *next_change(uint32_t after) {
    uint8_t *next = NULL;
    for (uint8_t *entry = arena; entry < arena + used; entry += entry_len(entry)) {
        if (stamp_of(entry) > after && (!next || stamp_of(entry) < stamp_of(next))) next = entry;
    }
    return next;
}

/* Builds what changed since the last acknowledgement, as much as fits; gives the length, 0 if nothing did. */
size_t lower_bound_transmit(uint8_t *packet, size_t room) {
    if (acked == seq) return 0;
    uint8_t *out = packet;
    *out++ = 0x20;
    out = varint(out, ++counter);
    out = varint(out, acked);
    sent = acked;
    for (uint8_t *entry; (entry = next_change(sent)) != NULL;) {
        size_t len = entry_len(entry);
        if ((size_t)(out - packet) + len + PLAIN_CHECK > room) break;
        sent = stamp_of(entry);
        *out++ = entry[0];
        *out++ = entry[1];
        move(out, entry + HEAD, entry[1]);
        out += entry[1];
        if (!(entry[0] & REMOVED)) {
            out = varint(out, (uint32_t)value_len(entry));
            move(out, entry + HEAD + entry[1], value_len(entry));
            out += value_len(entry);
        }
    }
    uint32_t crc = crc32(packet, (size_t)(out - packet));
    for (int i = 0; i < 4; i++) *out++ = (uint8_t)(crc >> 8 * i);
    return (size_t)(out - packet);
}

static uint32_t word(const uint8_t *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

/* Takes `echo u32 | crc u32`: what was sent last is known, and tombstones up to there go. */
int lower_bound_input(const uint8_t *packet, size_t len) {
    if (len != 8 || word(packet + 4) != crc32(packet, 4) || word(packet) != counter) return 0;
    acked = sent;
    for (uint8_t *entry = arena; entry < arena + used;) {
        if (entry[0] & REMOVED && stamp_of(entry) <= acked) {
            resize(entry, entry_len(entry), 0);
        } else {
            entry += entry_len(entry);
        }
    }
    return 1;
}

/* Something that no optimiser knows. */
static uint8_t *volatile unknown;
static volatile size_t unknown_len;
static volatile int result;

void start(void) {
    for (;;) {
        result = lower_bound_record((uint8_t)unknown_len, unknown, unknown_len, unknown, unknown_len);
        result = lower_bound_remove((uint8_t)unknown_len, unknown, unknown_len);
        result = (int)lower_bound_transmit(unknown, unknown_len);
        result = lower_bound_input(unknown, unknown_len);
    }
}
