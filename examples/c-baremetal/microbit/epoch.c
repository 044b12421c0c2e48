/*
 * The epoch in two pages of the chip's own flash, through its NVMC (nRF51 Series Reference Manual, chapter 6).
 *
 * Promise: each number goes, with its complement, into the next blank slot of one page; a full page goes on in the other, which is erased first, while
 * the last number is still in this one. No word is written twice. A power cut leaves a slot whose halves differ: it is passed over, its number was
 * never used, for the agent reads it back first. Not here: worn pages; the processor stands still for 21 ms while a page is erased.
 */
#include "../board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define NVMC_READY REGISTER(0x4001E400u)
#define NVMC_CONFIG REGISTER(0x4001E504u)
#define NVMC_ERASE_PAGE REGISTER(0x4001E508u)
#define READ_ONLY 0u
#define WRITE 1u
#define ERASE 2u

#define PAGES 2u
#define SLOTS 128u /* of a page of 1 KiB */
#define BLANK UINT32_MAX

struct slot {
    volatile uint32_t epoch;
    volatile uint32_t complement;
};

extern struct slot epoch_pages[PAGES][SLOTS]; /* the linker script says where */

static void allow(uint32_t what) {
    while (NVMC_READY == 0) {
    }
    NVMC_CONFIG = what;
}

static void write_word(volatile uint32_t *word, uint32_t value) {
    allow(WRITE);
    *word = value;
    allow(READ_ONLY);
}

static int is_blank(const struct slot *slot) {
    return slot->epoch == BLANK && slot->complement == BLANK;
}

/* The slot with the highest number, or NULL; the page it lies in. */
static const struct slot *newest(uint32_t *page) {
    const struct slot *found = NULL;
    for (uint32_t of = 0; of < PAGES; of++) {
        for (uint32_t at = 0; at < SLOTS; at++) {
            const struct slot *slot = &epoch_pages[of][at];
            const uint32_t epoch = slot->epoch;
            if (slot->complement == ~epoch && (!found || epoch > found->epoch)) {
                found = slot;
                *page = of;
            }
        }
    }
    return found;
}

tidings_status_t board_load_epoch(void *ctx, uint32_t *epoch) {
    uint32_t page = 0;
    const struct slot *slot = newest(&page);
    (void)ctx;
    if (!slot) {
        return TIDINGS_BLANK;
    }
    *epoch = slot->epoch;
    return TIDINGS_OK;
}

/* The blank slots of a page are those behind its last written one. */
static struct slot *next_blank(uint32_t page) {
    uint32_t at = SLOTS;
    while (at > 0 && is_blank(&epoch_pages[page][at - 1])) {
        at--;
    }
    return at < SLOTS ? &epoch_pages[page][at] : NULL;
}

tidings_status_t board_append_epoch(void *ctx, uint32_t epoch) {
    uint32_t page = 0;
    const struct slot *last = newest(&page);
    struct slot *slot = next_blank(page);
    (void)ctx;
    if (!slot) { /* this page is full */
        page = last ? (page + 1) % PAGES : page;
        allow(ERASE);
        NVMC_ERASE_PAGE = (uint32_t)(uintptr_t)&epoch_pages[page][0];
        allow(READ_ONLY);
        slot = &epoch_pages[page][0];
    }
    write_word(&slot->epoch, epoch);
    write_word(&slot->complement, ~epoch);
    return slot->epoch == epoch && slot->complement == ~epoch ? TIDINGS_OK : TIDINGS_E_EPOCH_STORE;
}
