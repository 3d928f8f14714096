/* audit scrub: the whole ledger is read now and held against its hashes. It
 * only reads; a collector that runs is told, and asks the offices. */
#include "collector/commands/commands.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/commands/progress.h"
#include "collector/ledger/scrub.h"
#include "collector/line/control_socket.h"
#include "common/base/listing.h"

#define STEP_BYTES    (1u << 20)
#define ASK_MS        10000
#define ANSWER_BYTES  1024u
#define BYTES_PER_MIB 1048576.0

struct scrubbing {
    const struct args *args;
    struct reading reading;
    struct scrub scrub;
    struct progress progress;
    struct listing *listing;
};

static const struct listing_column columns[] = {
    {"damaged", {"Bị hỏng", "Damaged"}, LISTING_LEFT},
    {"index", {"Mục", "Entry"}, LISTING_RIGHT},
    {"level", {"Tầng của cây", "Level of the tree"}, LISTING_RIGHT},
};

#define COLUMNS (sizeof columns / sizeof columns[0])

static const char *what_text(const struct scrubbing *self, enum scrub_what what)
{
    static const struct language_text names[] = {
        [SCRUB_BYTES] = {"nội dung của mục", "bytes of the entry"},
        [SCRUB_ENTRY] = {"mục", "entry"},
        [SCRUB_NODE] = {"nút của cây băm", "node of the tree"},
        [SCRUB_COLD] = {"bảng của tệp lưu lạnh (mục chuyển)",
                        "table of a cold file (entry of the move)"},
    };

    return args_text(self->args, names[what]);
}

static void tell(void *owner, const struct scrub_finding *finding)
{
    struct scrubbing *self = owner;

    listing_text(self->listing, what_text(self, finding->what));
    listing_number(self->listing, (int64_t)finding->index);
    if (finding->what == SCRUB_NODE) {
        listing_number(self->listing, (int64_t)finding->level);
    } else {
        listing_none(self->listing);
    }
}

static enum status scrub_all(struct scrubbing *self)
{
    static const struct language_text label = {"đang soát", "scrubbing"};
    bool done = false;
    enum status status =
        scrub_begin(&self->scrub, self->reading.ledger, tell, self);

    progress_begin(&self->progress, self->args, label, self->scrub.size);
    while (status == STATUS_OK && !done) {
        status = scrub_step(&self->scrub, STEP_BYTES, &done);
        progress_at(&self->progress, self->scrub.next);
    }
    progress_end(&self->progress);
    return status;
}

static void sum_up(const struct scrubbing *self)
{
    const struct scrub *scrub = &self->scrub;
    bool english = self->args->language == LANGUAGE_EN;

    if (scrub->found == 0) {
        (void)fprintf(self->args->out,
                      english ? "PASS: %" PRIu64
                                " entries, %.1f MiB, nothing is damaged\n"
                              : "ĐẠT: %" PRIu64
                                " mục, %.1f MiB, không có gì bị hỏng\n",
                      scrub->size, (double)scrub->bytes / BYTES_PER_MIB);
    } else {
        (void)fprintf(
            self->args->out,
            english ? "FAIL: %" PRIu64 " entries, damaged: %" PRIu64 "\n"
                    : "KHÔNG ĐẠT: %" PRIu64 " mục, bị hỏng: %" PRIu64 "\n",
            scrub->size, scrub->found);
    }
    if (scrub->away > 0) {
        (void)fprintf(
            self->args->out,
            english ? "not looked at, cold files are missing: %" PRIu64 "\n"
                    : "chưa soát được vì thiếu tệp lưu lạnh: %" PRIu64 "\n",
            scrub->away);
    }
}

/* The collector of this directory looks itself, and has what it finds sent
 * again. Without one the next start does. */
static void tell_collector(struct scrubbing *self)
{
    static const struct language_text told = {
        "trung tâm đang chạy đã được báo, sẽ soát và xin lại từ các trạm",
        "the running collector was told; it looks itself and asks the offices "
        "again"};
    struct control_request request = {.kind = CONTROL_SOCKET_SCRUB,
                                      .language = self->args->language};
    struct control_answer answer;
    struct buffer text;
    int lock = -1;
    enum status status = directory_lock(&self->reading.directory, &lock);

    directory_unlock(&lock);
    if (status != STATUS_BUSY) {
        return; /* none runs */
    }
    buffer_init(&text, ANSWER_BYTES);
    status = control_socket_ask(self->reading.directory.socket, &request,
                                ASK_MS, &text, &answer);
    if (status == STATUS_OK && answer.status == STATUS_OK) {
        args_error(self->args, "%s", args_text(self->args, told));
    }
    buffer_fini(&text);
}

enum status cmd_audit_scrub(const struct args *args, void *context)
{
    struct scrubbing self = {.args = args};
    enum listing_format format = LISTING_TEXT;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &self.reading);
    if (status == STATUS_CORRUPT && self.reading.ledger != NULL) {
        status = STATUS_OK; /* a damaged control entry is one to be found */
    }
    if (status == STATUS_OK) {
        status = listing_open(format, args->language, columns, COLUMNS,
                              args->out, &self.listing);
    }
    if (status == STATUS_OK) {
        status = scrub_all(&self);
        if (status != STATUS_OK) {
            (void)command_fail(args, self.reading.directory.ledger, status);
        }
    }
    enum status closed = listing_close(&self.listing);
    if (status == STATUS_OK) {
        status = closed;
    }
    if (status == STATUS_OK && format == LISTING_TEXT) {
        sum_up(&self);
    }
    if (status == STATUS_OK && self.scrub.found > 0) {
        status = STATUS_CORRUPT;
        if (args_value(args, "data") == NULL) {
            tell_collector(&self);
        }
    }
    reading_close(&self.reading);
    return status;
}
