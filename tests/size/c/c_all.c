/* The image `plain` of tests/size, through the archive. */
#include "c_all.h"

static const tidings_config_t config = {CONSTANT_CONFIG};

void start(void) {
    run(&config, turn);
}
