/* machine - what the computer itself does for us: its disk and its clock.
 *
 * Flow     kernel -> [machine] -> doctor
 * Owns     nothing; the file of a try is gone when the call returns.
 * Threads  any.
 */
#ifndef TALLYLINE_COMMON_MACHINE_H
#define TALLYLINE_COMMON_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/base/status.h"

struct machine_disk {
    uint64_t free_bytes; /* that this user may still take */
    int64_t sync_us;     /* how long one small file took to be on the disk */
};

/* Writes and syncs a small file in the folder, and removes it. STATUS_IO: it
 * cannot be written there, `errno` says why. */
MUST_USE enum status machine_disk(const char *folder, const struct clock *clock,
                                  struct machine_disk *disk);
/* Bytes that the file takes on the disk; 0: there is none. */
uint64_t machine_file_bytes(const char *path);
enum machine_clock {
    MACHINE_CLOCK_KEPT,    /* somebody tells the kernel the time */
    MACHINE_CLOCK_ALONE,   /* nobody does */
    MACHINE_CLOCK_UNKNOWN, /* we may not ask: so it is inside the service */
};

/* By adjtimex(2). */
enum machine_clock machine_clock(void);

#endif
