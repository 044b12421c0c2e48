/*
 * What outlives a restart: the epoch in a file, synced before it counts, and the keys in another.
 */
#define _POSIX_C_SOURCE 200809L

#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

tidings_status_t load_epoch(void *ctx, uint32_t *epoch) {
    FILE *file = fopen((const char *)ctx, "r");
    unsigned long number = 0;
    int read;
    if (!file) {
        return errno == ENOENT ? TIDINGS_BLANK : TIDINGS_E_EPOCH_STORE;
    }
    read = fscanf(file, "%lu", &number);
    fclose(file);
    *epoch = (uint32_t)number;
    return read == 1 && number <= UINT32_MAX ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}

tidings_status_t append_epoch(void *ctx, uint32_t epoch) {
    char next[1024];
    FILE *file;
    int done;
    if (snprintf(next, sizeof(next), "%s.new", (const char *)ctx) >= (int)sizeof(next)) {
        return TIDINGS_E_EPOCH_STORE;
    }
    file = fopen(next, "w");
    if (!file) {
        return TIDINGS_E_EPOCH_STORE;
    }
    done = fprintf(file, "%lu\n", (unsigned long)epoch) > 0 && fflush(file) == 0 && fsync(fileno(file)) == 0;
    done = fclose(file) == 0 && done;
    return done && rename(next, (const char *)ctx) == 0 ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}

tidings_status_t take_keys(const char *path, tidings_keys_t *keys) {
    tidings_key_bytes_t bytes;
    FILE *file = fopen(path, "rb");
    const size_t read = file ? fread(&bytes, 1, sizeof(bytes), file) : 0;
    tidings_status_t status = TIDINGS_E_KID;
    if (file) {
        fclose(file);
    }
    if (read == sizeof(bytes)) {
        status = tidings_keys_chacha20poly1305(keys, &bytes);
    }
    tidings_wipe(&bytes, sizeof(bytes));
    return status;
}
