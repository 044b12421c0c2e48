/* The version of this header; compare it with tidings_version(). */
#define TIDINGS_VERSION (TIDINGS_VERSION_MAJOR << 16 | TIDINGS_VERSION_MINOR << 8 | TIDINGS_VERSION_PATCH)

/* A kind as a member of `expected` in the configuration. */
#define TIDINGS_KIND_BIT(kind) ((uint32_t)1 << (kind))

/* Bytes of table that a fact of this key and value length takes, for tables of up to 64 KiB. */
#define TIDINGS_FACT_BYTES(key_len, value_len) ((key_len) + (value_len) + TIDINGS_FACT_OVERHEAD)

/* Bytes that an event of this actor and data length takes. */
#define TIDINGS_EVENT_BYTES(actor_len, data_len) ((actor_len) + (data_len) + TIDINGS_EVENT_OVERHEAD)

/* Bytes of the memory for events that a kept event of this actor and data length needs, with the room that it leaves for any other event. */
#define TIDINGS_KEPT_EVENT_BYTES(actor_len, data_len) ((actor_len) + (data_len) + TIDINGS_KEPT_EVENT_OVERHEAD)

/* Bytes that a frame of a packet takes on a stream, at most. */
#define TIDINGS_FRAME_BYTES(packet_len) ((packet_len) + (packet_len) / 254 + 3)

/* `boot_event` of the configuration: an event of this severity at start. */
#define TIDINGS_BOOT_EVENT(severity) ((uint8_t)((severity) + 1))

/*
 * All memory of one device on a byte stream: so many bytes for facts, for events (none is allowed), and for the longest packet.
 * TIDINGS_CONFIG(name) is its configuration, TIDINGS_SERIAL(name) makes its serial line.
 */
#define TIDINGS_DEVICE_TYPE(table_bytes, event_bytes, packet_bytes) \
    struct { \
        tidings_agent_t agent; \
        tidings_serial_t serial; \
        uint8_t table[TIDINGS_TABLE_OVERHEAD + (table_bytes)]; \
        uint8_t events[(event_bytes) > 0 ? (event_bytes) : 1]; \
        uint8_t packet[packet_bytes]; \
        uint8_t received[TIDINGS_MAX_ANSWER]; \
    }

/* The same as a static variable; for another storage, or a name for the type: `typedef TIDINGS_DEVICE_TYPE(...) board_t;`. */
#define TIDINGS_DEVICE(name, table_bytes, event_bytes, packet_bytes) \
    static TIDINGS_DEVICE_TYPE(table_bytes, event_bytes, packet_bytes) name

#define TIDINGS_CONFIG(name) tidings_config((name).table, sizeof((name).table), (name).events, sizeof((name).events))

#define TIDINGS_SERIAL(name) \
    tidings_serial_init(&(name).serial, (name).packet, sizeof((name).packet), (name).received, sizeof((name).received))

/* A mailbox of so many messages, 32 bytes each; TIDINGS_MAILBOX_INIT(name) makes it, &(name).box is its handle. */
#define TIDINGS_MAILBOX_TYPE(count) \
    struct { \
        tidings_mailbox_t box; \
        tidings_message_t messages[count]; \
    }

/* The same as a static variable. */
#define TIDINGS_MAILBOX(name, count) static TIDINGS_MAILBOX_TYPE(count) name

#define TIDINGS_MAILBOX_INIT(name) \
    tidings_mailbox_init(&(name).box, (name).messages, sizeof((name).messages) / sizeof((name).messages[0]))

/* Fails to compile when a handle is not of the size that the library was built for. */
#if defined(__cplusplus)
#define TIDINGS_STATIC_ASSERT(name, holds) static_assert(holds, #name)
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define TIDINGS_STATIC_ASSERT(name, holds) _Static_assert(holds, #name)
#else
#define TIDINGS_STATIC_ASSERT(name, holds) typedef char tidings_assert_##name[(holds) ? 1 : -1]
#endif

TIDINGS_STATIC_ASSERT(agent_size, sizeof(tidings_agent_t) == TIDINGS_AGENT_WORDS * 8);
TIDINGS_STATIC_ASSERT(serial_size, sizeof(tidings_serial_t) == TIDINGS_SERIAL_WORDS * 8);
TIDINGS_STATIC_ASSERT(keys_size, sizeof(tidings_keys_t) == TIDINGS_KEYS_WORDS * 8);
TIDINGS_STATIC_ASSERT(mailbox_size, sizeof(tidings_mailbox_t) == TIDINGS_MAILBOX_WORDS * 8);
TIDINGS_STATIC_ASSERT(message_size, sizeof(tidings_message_t) == TIDINGS_MESSAGE_WORDS * 4);
TIDINGS_STATIC_ASSERT(kept_events_size, sizeof(tidings_kept_events_t) == TIDINGS_KEPT_EVENTS_WORDS * 8);
TIDINGS_STATIC_ASSERT(key_bytes_size, sizeof(tidings_key_bytes_t) == 81);
TIDINGS_STATIC_ASSERT(byte_size, (unsigned char)-1 == 255);

/* `len` bytes as an argument. */
static inline tidings_bytes_t tidings_bytes(const void *ptr, size_t len) {
    tidings_bytes_t bytes;
    bytes.ptr = ptr;
    bytes.len = len;
    return bytes;
}

/* A NUL-terminated UTF-8 string as an argument; NULL is the empty one. Looks at most at TIDINGS_MAX_VALUE + 1 bytes, and is then refused. */
static inline tidings_bytes_t tidings_text(const char *text) {
    const char *end = text;
    size_t room = TIDINGS_MAX_VALUE + 1;
    while (end && room && *end) {
        end++;
        room--;
    }
    return tidings_bytes(text, TIDINGS_MAX_VALUE + 1 - room);
}

/* A scalar of a type whose payload is a number. */
static inline tidings_scalar_t tidings_number(uint8_t scalar_type, int64_t number) {
    tidings_scalar_t scalar = TIDINGS_ZERO;
    scalar.scalar_type = scalar_type;
    scalar.number = number;
    return scalar;
}

/* On (not 0) or off. */
static inline tidings_scalar_t tidings_bool(int on) {
    return tidings_number(TIDINGS_SCALAR_BOOL, on != 0);
}

/* A number. */
static inline tidings_scalar_t tidings_int(int64_t number) {
    return tidings_number(TIDINGS_SCALAR_INT, number);
}

/* One of a list that the key implies. */
static inline tidings_scalar_t tidings_enum(uint32_t number) {
    return tidings_number(TIDINGS_SCALAR_ENUM, number);
}

/* A text, bytes or hash: TIDINGS_SCALAR_TEXT, _BYTES or _HASH. */
static inline tidings_scalar_t tidings_scalar(uint8_t scalar_type, tidings_bytes_t bytes) {
    tidings_scalar_t scalar = TIDINGS_ZERO;
    scalar.scalar_type = scalar_type;
    scalar.bytes = bytes;
    return scalar;
}

/* A configuration with this memory, everything else at its default but `id`, which has none. */
static inline tidings_config_t tidings_config(void *table, size_t table_len, void *events, size_t events_len) {
    tidings_config_t config = TIDINGS_ZERO;
    config.struct_size = (uint32_t)sizeof(config);
    config.abi = TIDINGS_ABI;
    config.table = table;
    config.table_len = table_len;
    config.events = events;
    config.events_len = events_len;
    return config;
}
