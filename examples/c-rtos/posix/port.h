/* What the files of this port share. Not here: anything that a task of the device may call (../device.h). */
#ifndef PORT_H
#define PORT_H

#include "../device.h"

/* Connects and reads, for ever; the line's driver. */
void line_task(const char *address, const char *port);

/* The epoch in the file that `ctx` names, and the keys of the file at `path`. */
tidings_status_t load_epoch(void *ctx, uint32_t *epoch);
tidings_status_t append_epoch(void *ctx, uint32_t epoch);
tidings_status_t take_keys(const char *path, tidings_keys_t *keys);

/* What the sensor shows from now on. */
void set_temperature(int32_t celsius);

#endif
