/* The image `plain` of tests/size, through the archive. */
#include "c_all.h"

static void turn(void) {
    tell();
    exchange();
}

static const tidings_config_t config = {CONSTANT_CONFIG};

void start(void) {
    run(&config, turn);
}
