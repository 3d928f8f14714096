#include "agent/commands/export_checkpoint.h"

#include "agent/commands/answer.h"
#include "agent/office/keyring.h"
#include "agent/spool/spool_witness.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/format/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>

static enum status write_file(const struct args *args, const char *path,
                              struct bytes content)
{
    enum status status = file_create(path, content);

    if (status != STATUS_OK) {
        args_error(args, "%s: %s", path, status_text(status, args->language));
    }
    return status;
}

/* The two sides of an alarm; a note that there was none of is no file. */
static enum status write_evidence(const struct args *args, const char *path,
                                  const char *suffix,
                                  const struct wire_note *note)
{
    char name[FILE_PATH_MAX];
    int length = snprintf(name, sizeof name, "%s.%s", path, suffix);

    if (note->size == 0) {
        return STATUS_OK;
    }
    if (length < 0 || (size_t)length >= sizeof name) {
        return args_fail(args, path, STATUS_INVALID);
    }
    return write_file(args, name, (struct bytes){note->bytes, note->size});
}

/* The office's word below the province's: it keeps this one now. */
static enum status cosign(const struct office *office, struct buffer *note,
                          uint64_t *size)
{
    struct clock clock;
    struct keyring keyring;
    struct signature signature;
    struct checkpoint checkpoint;
    struct note open;
    char name[NOTE_NAME_MAX];
    int64_t time;
    enum status status = keyring_load(office->dir, &keyring);

    if (status != STATUS_OK) {
        return status;
    }
    clock_init_real(&clock);
    time = clock_wall_us(&clock) / CLOCK_US_PER_S;
    status = note_open(buffer_bytes(note), &open);
    if (status == STATUS_OK) {
        status = checkpoint_read(open.text, &checkpoint);
    }
    if (status == STATUS_OK && time >= 0) {
        *size = checkpoint.size;
        note_cosign(open.text, &keyring.sign, (uint64_t)time, &signature);
        checkpoint_witness_name(checkpoint.origin,
                                office->identity.agent_number, name);
        status = note_append_cosignature(note, name, &keyring.sign.public_key,
                                         (uint64_t)time, &signature);
    }
    keyring_wipe(&keyring);
    return status;
}

static enum status write_held(const struct args *args, struct office *office,
                              const struct wire_note *held, const char *path)
{
    struct buffer note;
    uint64_t size = 0;
    enum status status;

    buffer_init(&note, 2 * WIRE_NOTE_MAX);
    status = buffer_append(&note, (struct bytes){held->bytes, held->size});
    if (status == STATUS_OK) {
        status = cosign(office, &note, &size);
    }
    if (status == STATUS_OK) {
        status = write_file(args, path, buffer_bytes(&note));
    } else {
        status = answer_failure(args, office, status);
    }
    if (status == STATUS_OK) {
        (void)printf(args->language == LANGUAGE_EN
                         ? "%s: checkpoint of %" PRIu64 " entries\n"
                         : "%s: mốc xác nhận của %" PRIu64 " mục\n",
                     path, size);
    }
    buffer_fini(&note);
    return status;
}

enum status export_checkpoint(const struct args *args, struct office *office,
                              const char *path)
{
    static const struct language_text none = {
        "máy này chưa làm chứng cho mốc xác nhận nào của tỉnh",
        "this machine has witnessed no checkpoint of the province yet"};
    struct spool_witness witness;
    enum status status = spool_witness(office->spool, &witness);

    if (status != STATUS_OK) {
        return answer_failure(args, office, status);
    }
    if (witness.held.size == 0) {
        args_error(args, "%s", args_text(args, none));
        return STATUS_NOT_FOUND;
    }
    status = write_held(args, office, &witness.held, path);
    if (status == STATUS_OK && witness.reason != 0) {
        status = write_evidence(args, path, "held", &witness.alarm_held);
    }
    if (status == STATUS_OK && witness.reason != 0) {
        status = write_evidence(args, path, "given", &witness.alarm_given);
    }
    return status;
}
