/* The label is the first frame, and is made again from the ledger to be
 * compared: so there is one place that says what it is of. That the ledger is
 * the one it was takes a look at the records at 1, 2, 4, 8 ... entries before
 * the end and at all control entries, not at the whole ledger. */
#include "collector/figures/fold_file.h"

#include "collector/program_mark.h"
#include "common/base/bytes.h"
#include "common/base/check.h"
#include "common/base/file.h"
#include "common/fold/fold_save.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* magic 4, version 4, program 32, position 8, controls 8, first record's hash
 * 32, last record's hash 32, hash of the records on the way 32, hash of the
 * control entries 32 */
#define LABEL_BYTES  184u
#define LABEL_MAGIC  UINT32_C(0x544c4653) /* "TLFS" */
#define PROGRAM_AT   8u
#define POSITION_AT  40u
#define CONTROLS_AT  48u
#define FIRST_AT     56u
#define LAST_AT      88u
#define WAY_AT       120u
#define CONTROL_AT   152u
#define WAY_RECORDS  65u /* powers of two below 2^64, and the first one */
#define HASHED_BYTES (DIGEST_BYTES + ENTRY_BYTES)

/* ---- the label ---- */

static enum status get_record(const struct ledger_snapshot *snapshot,
                              uint64_t index, uint8_t record[ENTRY_BYTES])
{
    struct entry entry;
    enum status status = ledger_entry(snapshot, index, &entry);

    if (status == STATUS_OK) {
        entry_write(&entry, record);
    }
    return status;
}

static void put_hash(uint8_t *out, const uint8_t *data, size_t size)
{
    struct digest digest;

    digest_bytes((struct bytes){data, size}, &digest);
    memcpy(out, digest.bytes, sizeof digest.bytes);
}

/* Of the first record, the last one, and those on the way back. */
static enum status label_entries(const struct ledger_snapshot *snapshot,
                                 uint64_t position, uint8_t label[LABEL_BYTES])
{
    uint8_t records[WAY_RECORDS * ENTRY_BYTES];
    size_t used = 0;
    enum status status = STATUS_OK;

    for (uint64_t back = 1; back <= position && status == STATUS_OK;
         back *= 2) {
        status = get_record(snapshot, position - back, records + used);
        used += ENTRY_BYTES;
        if (back > UINT64_MAX / 2) {
            break;
        }
    }
    if (status == STATUS_OK) {
        put_hash(label + LAST_AT, records, ENTRY_BYTES);
        status = get_record(snapshot, 0, records + used);
    }
    if (status == STATUS_OK) {
        put_hash(label + FIRST_AT, records + used, ENTRY_BYTES);
        put_hash(label + WAY_AT, records, used + ENTRY_BYTES);
    }
    return status;
}

static enum status label_controls(const struct ledger_snapshot *snapshot,
                                  uint64_t controls, uint8_t label[LABEL_BYTES])
{
    uint8_t hashed[HASHED_BYTES] = {0};
    struct entry entry = {.index = 0};
    enum status status = ledger_next_control(snapshot, 0, &entry);

    while (status == STATUS_OK && entry.index < controls) {
        entry_write(&entry, hashed + DIGEST_BYTES);
        put_hash(hashed, hashed, sizeof hashed);
        status = ledger_next_control(snapshot, entry.index + 1, &entry);
    }
    memcpy(label + CONTROL_AT, hashed, DIGEST_BYTES);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status make_label(const struct ledger_snapshot *snapshot,
                              const struct fold_file_place *place,
                              uint8_t label[LABEL_BYTES])
{
    size_t size = 0;
    enum status status;

    check(place->position > 0);
    memset(label, 0, LABEL_BYTES);
    bytes_put_u32(label, LABEL_MAGIC);
    bytes_put_u32(label + 4, FOLD_FILE_VERSION);
    check(bytes_from_hex(PROGRAM_MARK, label + PROGRAM_AT, DIGEST_BYTES,
                         &size) == STATUS_OK &&
          size == DIGEST_BYTES);
    bytes_put_u64(label + POSITION_AT, place->position);
    bytes_put_u64(label + CONTROLS_AT, place->controls);
    status = label_entries(snapshot, place->position, label);
    return status == STATUS_OK
               ? label_controls(snapshot, place->controls, label)
               : status;
}

/* ---- the file ---- */

struct stream {
    const struct fold_file *file;
    struct save_file *save; /* of one that is written */
    int fd;                 /* of one that is read */
    uint64_t step;          /* bytes since the caller was told last */
};

static void went_on(struct stream *stream, size_t size)
{
    stream->step += size;
    if (stream->step < FOLD_FILE_STEP_BYTES) {
        return;
    }
    stream->step = 0;
    if (stream->file->goes_on != NULL) {
        stream->file->goes_on(stream->file->owner);
    }
}

static enum status write_all(void *owner, struct bytes bytes)
{
    struct stream *stream = owner;
    enum status status = save_file_write(stream->save, bytes);

    went_on(stream, bytes.size);
    return status;
}

static enum status read_all(void *owner, uint8_t *out, size_t size)
{
    struct stream *stream = owner;
    size_t done = 0;

    while (done < size) {
        ssize_t n = read(stream->fd, out + done, size - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? STATUS_IO : STATUS_CORRUPT;
        }
        done += (size_t)n;
    }
    went_on(stream, size);
    return STATUS_OK;
}

/* ---- writing ---- */

static enum status write_frames(struct frame_sink sink,
                                const uint8_t label[LABEL_BYTES],
                                struct fold_file_state *state)
{
    struct frame_writer *writer = frame_writer_new(sink);
    enum status status, ended;

    if (writer == NULL) {
        return STATUS_MEMORY;
    }
    memcpy(frame_room(writer, LABEL_BYTES), label, LABEL_BYTES);
    fold_save(state->fold, writer);
    status = registers_save(state->registers, writer);
    ended = frame_writer_end(writer, &state->digest);
    frame_writer_free(&writer);
    return status == STATUS_OK ? ended : status;
}

enum status fold_file_start(const struct fold_file *file,
                            struct fold_file_state *state,
                            struct save_file **save)
{
    uint8_t label[LABEL_BYTES];
    struct stream stream = {.file = file, .fd = -1};
    enum status status = make_label(file->snapshot, &state->place, label);

    *save = NULL;
    check(state->place.controls >= state->place.position);
    if (status == STATUS_OK) {
        status = save_file_open(file->path, &stream.save);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status =
        write_frames((struct frame_sink){.owner = &stream, .write = write_all},
                     label, state);
    save_file_end(stream.save, status == STATUS_OK);
    if (status != STATUS_OK) {
        (void)!save_file_close(&stream.save);
    }
    *save = stream.save;
    return status;
}

/* ---- reading ---- */

/* Whether the label is what would be written here about the same place. */
static enum status check_label(const struct fold_file *file,
                               const uint8_t *label, uint64_t figures,
                               struct fold_file_place *place)
{
    uint64_t size = ledger_snapshot_size(file->snapshot);
    uint8_t should[LABEL_BYTES];
    enum status status;

    if (bytes_get_u32(label) != LABEL_MAGIC) {
        return STATUS_CORRUPT;
    }
    place->position = bytes_get_u64(label + POSITION_AT);
    place->controls = bytes_get_u64(label + CONTROLS_AT);
    if (place->position == 0 || place->position > place->controls ||
        place->controls > size || place->controls < figures) {
        return STATUS_INVALID;
    }
    status = make_label(file->snapshot, place, should);
    if (status != STATUS_OK) {
        return status;
    }
    if (memcmp(label, should, POSITION_AT) != 0) {
        return STATUS_VERSION;
    }
    return memcmp(label, should, LABEL_BYTES) == 0 ? STATUS_OK : STATUS_INVALID;
}

static enum status read_frames(const struct fold_file *file,
                               struct frame_reader *reader,
                               const struct context *context,
                               struct fold_source source, uint64_t figures,
                               struct fold_file_state *state)
{
    const uint8_t *label = frame_take(reader, LABEL_BYTES);
    enum status status = frame_reader_status(reader);

    if (status == STATUS_OK) {
        status = check_label(file, label, figures, &state->place);
    }
    if (status == STATUS_OK) {
        status = fold_load(context, source, reader, &state->fold);
    }
    if (status == STATUS_OK) {
        status = registers_new(&state->registers);
    }
    if (status == STATUS_OK) {
        status = registers_load(state->registers, reader);
    }
    if (status == STATUS_OK) {
        status = frame_reader_end(reader, &state->digest);
    }
    if (status == STATUS_OK &&
        fold_position(state->fold) != state->place.position) {
        status = STATUS_CORRUPT;
    }
    return status;
}

/* Opens the file and a reader of its frames. */
static enum status open_frames(const struct fold_file *file,
                               struct stream *stream,
                               struct frame_reader **reader)
{
    struct frame_source frames = {.owner = stream, .read = read_all};
    struct stat about;

    *stream = (struct stream){.file = file};
    stream->fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (stream->fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    if (fstat(stream->fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        return STATUS_IO;
    }
    frames.left = (uint64_t)about.st_size;
    *reader = frame_reader_new(frames);
    return *reader == NULL ? STATUS_MEMORY : STATUS_OK;
}

static void close_frames(struct stream *stream, struct frame_reader **reader)
{
    frame_reader_free(reader);
    if (stream->fd >= 0) {
        (void)close(stream->fd);
    }
}

enum status fold_file_read(const struct fold_file *file,
                           const struct context *context,
                           struct fold_source source, uint64_t figures,
                           struct fold_file_state *state)
{
    struct stream stream;
    struct frame_reader *reader = NULL;
    enum status status = open_frames(file, &stream, &reader);

    memset(state, 0, sizeof *state);
    if (status == STATUS_OK) {
        status = read_frames(file, reader, context, source, figures, state);
    }
    close_frames(&stream, &reader);
    if (status != STATUS_OK) {
        fold_free(&state->fold);
        registers_free(&state->registers);
    }
    return status;
}

/* ---- holding it against what it should be ---- */

enum status fold_file_place(const struct fold_file *file, uint64_t figures,
                            struct fold_file_place *place)
{
    struct stream stream;
    struct frame_reader *reader = NULL;
    const uint8_t *label = NULL;
    enum status status = open_frames(file, &stream, &reader);

    *place = (struct fold_file_place){0};
    if (status == STATUS_OK) {
        label = frame_take(reader, LABEL_BYTES);
        status = frame_reader_status(reader);
    }
    if (status == STATUS_OK) {
        status = check_label(file, label, figures, place);
    }
    close_frames(&stream, &reader);
    return status;
}

struct comparing {
    struct stream stream;
    uint64_t at;     /* bytes compared */
    uint64_t offset; /* of the first that differs; UINT64_MAX */
};

static enum status compare_all(void *owner, struct bytes bytes)
{
    struct comparing *self = owner;
    uint8_t there[4096];

    for (size_t done = 0; done < bytes.size && self->offset == UINT64_MAX;) {
        size_t size = bytes.size - done;
        enum status status;

        size = size < sizeof there ? size : sizeof there;
        status = read_all(&self->stream, there, size);
        if (status == STATUS_IO) {
            return status;
        }
        for (size_t i = 0; i < size && self->offset == UINT64_MAX; i++) {
            if (status != STATUS_OK || there[i] != bytes.data[done + i]) {
                self->offset = self->at + i;
            }
        }
        self->at += size;
        done += size;
    }
    return STATUS_OK;
}

enum status fold_file_compare(const struct fold_file *file,
                              struct fold_file_state *state, uint64_t *offset)
{
    uint8_t label[LABEL_BYTES];
    struct comparing self = {.offset = UINT64_MAX};
    struct frame_reader *reader = NULL;
    enum status status = open_frames(file, &self.stream, &reader);
    uint8_t more;

    if (status == STATUS_OK) {
        status = make_label(file->snapshot, &state->place, label);
    }
    if (status == STATUS_OK) {
        status = write_frames(
            (struct frame_sink){.owner = &self, .write = compare_all}, label,
            state);
    }
    if (status == STATUS_OK && self.offset == UINT64_MAX &&
        read_all(&self.stream, &more, 1) == STATUS_OK) {
        self.offset = self.at; /* something stands behind the end */
    }
    close_frames(&self.stream, &reader);
    *offset = self.offset;
    return status;
}
