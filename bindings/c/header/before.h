/* Sizes of handles follow the width of a pointer. */
#if UINTPTR_MAX > 0xFFFFFFFF
#define TIDINGS_64_BIT 1
#endif

/* Makes every field of a struct its default: tidings_software_t app = TIDINGS_ZERO; */
#ifdef __cplusplus
#define TIDINGS_ZERO {}
#else
#define TIDINGS_ZERO {0}
#endif
