/* An event store in a file; see event_file.c. */
#ifndef EVENT_FILE_H
#define EVENT_FILE_H

#include "tidings.h"

/* An open store. */
typedef struct {
    int file;
} event_file_t;

/* Opens the store at `path`, or makes an empty one; 0 if that fails. */
int event_file_open(event_file_t *store, const char *path);

/* Its callbacks, for events of `least` and more severe ones; `store` must stay where it is. */
tidings_event_store_t event_file_callbacks(event_file_t *store, uint8_t least);

#endif
