@ The border with nothing behind it: every function that an image here calls returns at once, so that what remains is the application.
@
@ Promise: a call of it takes no more flash than one of the archive. In assembler, because a compiler would see that there is nothing to call.
    .syntax unified
    .thumb
    .text

    .macro nothing names:vararg
    .irp name, \names
    .global tidings_\name
    .thumb_func
tidings_\name:
    .endr
    .endm

    nothing init, start, maintain, next_deadline, transmit, receive, is_synced, event, complete, fail, switch_off, switch_on
    nothing scan_begin, scan_finish, remove_software, sample_health, keys_chacha20poly1305, retained_load, retained_append
    nothing record_software, record_identity, record_account, record_listener, record_neighbour, record_certificate
    nothing record_setting, record_health, record_update, record_interface, record_vendor
    bx lr
