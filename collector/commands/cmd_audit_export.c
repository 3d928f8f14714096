/* audit export: the ledger as files, for whoever checks it with other tools. */
#include "collector/commands/commands.h"

#include <inttypes.h>
#include <stdio.h>

#include "collector/audit/export.h"
#include "collector/commands/progress.h"
#include "collector/ledger/ledger_notes.h"
#include "common/event/reference.h"

struct exporting {
    const struct args *args;
    struct reading reading;
    struct export_source source;
    struct buffer note;
    struct export_files files;
    struct progress progress;
};

static void at(void *owner, uint64_t done)
{
    progress_at(owner, done);
}

/* What the statuses of an export mean here; written by whoever sees them. */
static enum status explain(const struct exporting *self, enum status status)
{
    static const struct language_text refused = {
        "thư mục đã có bản xuất của sổ cái khác, hoặc của sổ cái này lúc dài "
        "hơn; xem nhật ký ở trên",
        "the directory holds an export of another ledger, or of this one when "
        "it was longer; see above"};

    if (status == STATUS_REFUSED) {
        args_error(self->args, "%s: %s", args_value(self->args, "output"),
                   args_text(self->args, refused));
        return status;
    }
    return command_fail(self->args, args_value(self->args, "output"), status);
}

/* ---- tiles ---- */

/* The newest checkpoint, held against the key that the ledger names. */
static enum status newest(struct exporting *self, struct checkpoint *checkpoint)
{
    static const struct language_text none = {
        "sổ cái chưa có mốc xác nhận nào được ký; trung tâm ký khi đang chạy",
        "no checkpoint of this ledger has been signed yet; a running collector "
        "signs them"};
    static const struct language_text wrong = {
        "mốc xác nhận mới nhất không có chữ ký đúng của sổ cái",
        "the newest checkpoint does not have the ledger's signature"};
    const struct context *context = province_context(self->reading.province);
    const struct control_genesis *genesis = context_genesis(context);
    uint64_t below = self->source.size + 1;
    struct bytes note;
    uint64_t size = 0;
    enum status status =
        ledger_checkpoint_below(self->source.snapshot, below, &size, &note);

    if (status == STATUS_OK) {
        status = checkpoint_open(note, genesis->origin,
                                 context_ledger_key(context), checkpoint, NULL);
        if (status != STATUS_OK || checkpoint->size != size) {
            args_error(self->args, "%s", args_text(self->args, wrong));
            return STATUS_CORRUPT;
        }
        /* It outlives the snapshot that it lies in. */
        return buffer_append(&self->note, note);
    }
    if (status == STATUS_NOT_FOUND) {
        args_error(self->args, "%s", args_text(self->args, none));
        return status;
    }
    return command_fail(self->args, self->reading.directory.ledger, status);
}

static enum status put_key(struct exporting *self)
{
    const struct context *context = province_context(self->reading.province);
    struct note_key key;
    struct buffer line;
    enum status status =
        note_key_make(context_genesis(context)->origin, NOTE_ED25519,
                      context_ledger_key(context), &key);

    buffer_init(&line, NOTE_KEY_TEXT_MAX + 1u);
    if (status == STATUS_OK) {
        status = note_key_write(&key, &line);
    }
    if (status == STATUS_OK) {
        status = buffer_text(&line, "\n");
    }
    if (status == STATUS_OK) {
        status = export_files_put(&self->files, "ledger.vkey",
                                  buffer_bytes(&line), EXPORT_REPLACES);
    }
    buffer_fini(&line);
    return status;
}

static enum status tiles(struct exporting *self)
{
    struct export_watch watch = {.at = at, .owner = &self->progress};
    struct checkpoint checkpoint;
    enum status status = newest(self, &checkpoint);

    if (status != STATUS_OK) {
        return status;
    }
    progress_begin(&self->progress, self->args,
                   (struct language_text){"đang xuất", "exporting"},
                   checkpoint.size);
    status = export_tiles(&self->source, &checkpoint, buffer_bytes(&self->note),
                          &watch, &self->files);
    progress_end(&self->progress);
    if (status == STATUS_OK) {
        status = put_key(self);
    }
    if (status != STATUS_OK) {
        return explain(self, status);
    }
    (void)fprintf(self->args->out,
                  self->args->language == LANGUAGE_EN
                      ? "checkpoint of %" PRIu64 " entries, %" PRIu64
                        " new files\n"
                      : "mốc xác nhận %" PRIu64 " mục, %" PRIu64 " tệp mới\n",
                  checkpoint.size, self->files.written);
    return STATUS_OK;
}

/* ---- raw ---- */

static enum status read_range(struct exporting *self,
                              struct export_range *range)
{
    uint64_t size = self->source.size;
    uint64_t from = 0;
    uint64_t to = UINT64_MAX;
    uint64_t agent = 0;
    enum status status = args_number(self->args, "from", 0, UINT64_MAX, &from);

    if (status == STATUS_OK) {
        status = args_number(self->args, "to", 0, UINT64_MAX, &to);
    }
    if (status == STATUS_OK) {
        status =
            args_number(self->args, "agent", 1, REFERENCE_AGENT_MAX, &agent);
    }
    *range = (struct export_range){.from = from,
                                   .to = to < size ? to + 1 : size,
                                   .agent = (uint32_t)agent};
    return status;
}

static enum status raw(struct exporting *self)
{
    struct export_watch watch = {.at = at, .owner = &self->progress};
    struct export_raw_result result;
    struct export_range range;
    enum status status = read_range(self, &range);

    if (status != STATUS_OK) {
        return status;
    }
    progress_begin(&self->progress, self->args,
                   (struct language_text){"đang xuất", "exporting"},
                   self->source.size);
    status = export_raw(&self->source, &range, &watch, &self->files, &result);
    progress_end(&self->progress);
    if (status != STATUS_OK) {
        return explain(self, status);
    }
    (void)fprintf(
        self->args->out,
        self->args->language == LANGUAGE_EN
            ? "%" PRIu64 " entries, the bytes of %" PRIu64 ", %" PRIu64
              " new files, %" PRIu64 " damaged, %" PRIu64
              " erased by order, %" PRIu64 " in missing cold files, %" PRIu64
              " lost by a recorded break\n"
            : "%" PRIu64 " mục, nội dung của %" PRIu64 " mục, %" PRIu64
              " tệp mới, %" PRIu64 " mục bị hỏng, %" PRIu64
              " đã xóa theo lệnh, %" PRIu64 " ở tệp lưu lạnh bị thiếu, %" PRIu64
              " đã mất và có ghi trong sổ cái\n",
        self->source.size, result.present, self->files.written, result.damaged,
        result.erased, result.away, result.lost);
    if (result.damaged == 0 && result.away > 0) {
        return STATUS_AWAY;
    }
    return result.damaged > 0 ? STATUS_CORRUPT : STATUS_OK;
}

/* ---- the command ---- */

static enum status check_usage(const struct args *args)
{
    static const struct language_text one = {
        "cần --tiles hoặc --raw, một trong hai",
        "needs --tiles or --raw, one of the two"};
    static const struct language_text where = {
        "cần --output: thư mục để ghi", "needs --output: where to write"};
    static const struct language_text whole = {
        "--from, --to và --agent chỉ dùng với --raw",
        "--from, --to and --agent are for --raw alone"};
    bool part = args_value(args, "from") != NULL ||
                args_value(args, "to") != NULL ||
                args_value(args, "agent") != NULL;
    const struct language_text *wrong =
        args_flag(args, "tiles") == args_flag(args, "raw") ? &one
        : args_value(args, "output") == NULL               ? &where
        : args_flag(args, "tiles") && part                 ? &whole
                                                           : NULL;

    if (wrong == NULL) {
        return STATUS_OK;
    }
    args_error(args, "%s", args_text(args, *wrong));
    return STATUS_USAGE;
}

enum status cmd_audit_export(const struct args *args, void *context)
{
    struct exporting self = {.args = args, .files = {.folder = -1}};
    enum status status = check_usage(args);

    (void)context;
    buffer_init(&self.note, NOTE_BYTES_MAX);
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &self.reading);
    if (status == STATUS_OK) {
        status = export_source_open(self.reading.ledger, &self.source);
        if (status != STATUS_OK) {
            (void)command_fail(args, self.reading.directory.ledger, status);
        }
    }
    if (status == STATUS_OK) {
        status = export_files_open(args_value(args, "output"), &self.files);
        if (status != STATUS_OK) {
            (void)explain(&self, status);
        }
    }
    if (status == STATUS_OK) {
        status = args_flag(args, "tiles") ? tiles(&self) : raw(&self);
    }
    enum status closed = export_files_close(&self.files);
    if (status == STATUS_OK && closed != STATUS_OK) {
        status = explain(&self, closed);
    }
    export_source_close(&self.source);
    buffer_fini(&self.note);
    reading_close(&self.reading);
    return status;
}
