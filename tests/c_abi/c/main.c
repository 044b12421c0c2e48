/* Runs every test of the C border and prints how many checks held. */
#include "check.h"

int main(void) {
    test_statuses();
    test_handles();
    test_configuration();
    test_facts();
    test_link();
    test_keys();
    test_mailbox();
    test_kept();
    return check_end();
}
