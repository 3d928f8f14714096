#include "agent/commands/room.h"

#include "agent/spool/spool_backup.h"
#include "agent/spool/spool_slots.h"
#include "common/base/log.h"

#define ROOM_US    (15 * CLOCK_US_PER_S) /* between two looks at the budget */
#define ROOM_STEPS 16u                   /* of one look */
/* The same when it cannot be made. */
#define ROOM_DAMAGED_US (3600 * CLOCK_US_PER_S)

enum status room_make(struct room *room, const struct office *office,
                      const struct clock *clock)
{
    int64_t now = clock_monotonic_us(clock);
    uint64_t removed = 0;
    enum status status = STATUS_OK;

    if (now < room->look_at) {
        return STATUS_OK;
    }
    room->look_at = now + ROOM_US;
    /* What waits for another collector goes on waiting for want of room. */
    if (spool_obey(office->spool) == STATUS_IO) {
        return STATUS_IO;
    }
    for (unsigned i = 0; i < ROOM_STEPS && status == STATUS_OK; i++) {
        uint64_t events;

        status = spool_make_room(office->spool, office->config.spool_keep_bytes,
                                 &events);
        removed += events;
    }
    if (removed > 0) {
        log_info("made room of what the province has backed up",
                 log_number("events", (int64_t)removed));
    }
    /* What is damaged stays, and is no reason to stop recording. */
    if (status == STATUS_CORRUPT) {
        log_error("no room is made: a receipt is damaged");
        room->look_at = now + ROOM_DAMAGED_US;
    }
    /* A spool without any room: the next look may find some. */
    return status == STATUS_NOT_FOUND || status == STATUS_FULL ||
                   status == STATUS_CORRUPT
               ? STATUS_OK
               : status;
}
