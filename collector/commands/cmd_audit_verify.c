/* audit verify: a line for each part of the check, below it what was found, and
 * a last one for all of it. */
#include "collector/audit/verify.h"
#include "collector/commands/commands.h"
#include "collector/commands/progress.h"
#include "common/base/file.h"
#include "common/base/listing.h"
#include "common/format/tlog_proof.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHAT_MAX 512u

/* clang-format off */
static const struct listing_column columns[] = {
    {"result", {"Kết quả", "Result"}, LISTING_LEFT},
    {"part", {"Phần", "Part"}, LISTING_LEFT},
    {"checked", {"Đã xem", "Checked"}, LISTING_RIGHT},
    {"failed", {"Lỗi", "Failed"}, LISTING_RIGHT},
    {"index", {"Mục", "Entry"}, LISTING_RIGHT},
    {"event", {"Sự kiện", "Event"}, LISTING_LEFT},
    {"offset", {"Byte", "Byte"}, LISTING_RIGHT},
    {"fault", {"Mã lỗi", "Fault"}, LISTING_LEFT},
    {"what", {"Nội dung", "What"}, LISTING_LEFT},
};
/* clang-format on */

static volatile sig_atomic_t told_to_stop;

struct checking {
    const struct args *args;
    enum listing_format format;
    struct listing *listing;
    struct progress progress;
    bool drawn;
};

/* ---- on the way ---- */

static void show_progress(void *owner, uint64_t done, uint64_t entries)
{
    static const struct language_text text = {"đang kiểm tra", "checking"};
    struct checking *self = owner;

    if (!self->drawn) {
        self->drawn = true;
        progress_begin(&self->progress, self->args, text, entries);
    }
    progress_at(&self->progress, done);
}

static void note_signal(int signal)
{
    (void)signal;
    told_to_stop = 1;
}

static bool is_to_stop(void *owner)
{
    (void)owner;
    return told_to_stop != 0;
}

/* ---- what came of it ---- */

static enum language language_of(const struct checking *self)
{
    return self->format == LISTING_TEXT ? self->args->language : LANGUAGE_EN;
}

static void put_text(struct listing *listing, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        listing_text(listing, text);
    } else {
        listing_none(listing);
    }
}

static void put_number(struct listing *listing, uint64_t number)
{
    if (number != VERIFY_NOWHERE) {
        listing_number(listing, (int64_t)number);
    } else {
        listing_none(listing);
    }
}

static void put_verdict(const struct checking *self,
                        enum verify_verdict verdict)
{
    static const struct language_text words[] = {
        [VERIFY_PASS] = {"ĐẠT", "PASS"},
        [VERIFY_FAIL] = {"KHÔNG ĐẠT", "FAIL"},
        [VERIFY_ERASED] = {"đã xóa theo lệnh", "erased by order"},
        [VERIFY_NOTED] = {"đứt đoạn đã ghi", "recorded break"},
        [VERIFY_NONE] = {"không có", "nothing there"},
        [VERIFY_UNCHECKED] = {"chưa kiểm tra được", "not checked"},
    };

    listing_text(self->listing,
                 language_pick(words[verdict], language_of(self)));
}

static void put_part_name(const struct checking *self, enum verify_part part)
{
    listing_text(self->listing,
                 self->format == LISTING_TEXT
                     ? language_pick(verify_part_text(part), language_of(self))
                     : verify_part_token(part));
}

static void put_finding(const struct checking *self, enum verify_part part,
                        const struct verify_finding *finding)
{
    const struct verify_place *place = &finding->place;
    char text[WHAT_MAX];

    put_verdict(self, finding->noted ? VERIFY_NOTED : VERIFY_FAIL);
    put_part_name(self, part);
    listing_none(self->listing);
    listing_none(self->listing);
    put_number(self->listing, place->index);
    text[0] = '\0';
    if (place->agent != 0) {
        (void)snprintf(text, sizeof text, "%" PRIu32 ".%" PRIu32 ".%" PRIu64,
                       place->agent, place->epoch, place->seq);
    }
    put_text(self->listing, text);
    put_number(self->listing, place->offset);
    listing_text(self->listing, verify_fault_token(finding->fault));
    (void)snprintf(
        text, sizeof text, "%s%s%s%s",
        language_pick(verify_fault_text(finding->fault), language_of(self)),
        finding->note[0] != '\0' ? " (" : "", finding->note,
        finding->note[0] != '\0' ? ")" : "");
    listing_text(self->listing, text);
}

static void put_part(const struct checking *self,
                     const struct verify_results *results,
                     enum verify_part part)
{
    const struct verify_part_result *result = &results->parts[part];

    put_verdict(self, verify_verdict(result));
    put_part_name(self, part);
    listing_count(self->listing, result->checked);
    listing_count(self->listing, result->failed);
    for (int i = 0; i < 4; i++) {
        listing_none(self->listing);
    }
    put_text(self->listing,
             result->reason.en == NULL
                 ? NULL
                 : language_pick(result->reason, language_of(self)));
    for (size_t i = 0; i < result->kept; i++) {
        put_finding(self, part, &result->findings[i]);
    }
}

/* What an auditor writes down, and holds against a checkpoint later: how many
 * entries there are, and the root over them. */
static void put_root(const struct checking *self,
                     const struct verify_results *results)
{
    static const struct language_text name = {"gốc của cây băm",
                                              "root of the tree"};
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)];

    listing_none(self->listing);
    listing_text(self->listing, self->format == LISTING_TEXT
                                    ? language_pick(name, language_of(self))
                                    : "root");
    listing_count(self->listing, results->entries);
    for (int i = 0; i < 5; i++) {
        listing_none(self->listing);
    }
    if (results->has_root &&
        bytes_to_hex((struct bytes){results->root.bytes, DIGEST_BYTES}, hex,
                     sizeof hex) == STATUS_OK) {
        listing_text(self->listing, hex);
    } else {
        listing_none(self->listing);
    }
}

static void put_all(const struct checking *self,
                    const struct verify_results *results)
{
    static const struct language_text all = {"tất cả", "all"};
    char text[WHAT_MAX];

    put_verdict(self, !verify_passes(results)                   ? VERIFY_FAIL
                      : results->parts[VERIFY_BREAKS].noted > 0 ? VERIFY_NOTED
                                                                : VERIFY_PASS);
    listing_text(self->listing, language_pick(all, language_of(self)));
    for (int i = 0; i < 6; i++) {
        listing_none(self->listing);
    }
    if (language_of(self) == LANGUAGE_VI) {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " mục, %" PRIu64 " sự kiện, %" PRIu64
                       " lô không mở được",
                       results->entries, results->events, results->unreadable);
    } else {
        (void)snprintf(text, sizeof text,
                       "%" PRIu64 " entries, %" PRIu64 " events, %" PRIu64
                       " batches that cannot be unpacked",
                       results->entries, results->events, results->unreadable);
    }
    listing_text(self->listing, text);
}

static enum status print_results(struct checking *self,
                                 const struct verify_results *results)
{
    enum status status =
        listing_open(self->format, self->args->language, columns,
                     sizeof columns / sizeof *columns, stdout, &self->listing);

    if (status != STATUS_OK) {
        return status;
    }
    for (int i = 0; i < VERIFY_PART_END; i++) {
        put_part(self, results, (enum verify_part)i);
    }
    put_root(self, results);
    put_all(self, results);
    return listing_close(&self->listing);
}

/* ---- the command ---- */

/* What is kept for the next time must not lie among what is checked. */
static enum status check_resume(const struct args *args,
                                const struct directory *directory,
                                const char *path)
{
    static const struct language_text inside = {
        "phải nằm ngoài thư mục dữ liệu và ở một thư mục có sẵn",
        "must lie outside the data directory, in one that exists"};
    char folder[FILE_PATH_MAX];
    char real[FILE_PATH_MAX];
    char data[FILE_PATH_MAX];
    const char *slash = strrchr(path, '/');
    int size = slash == NULL ? snprintf(folder, sizeof folder, ".")
                             : snprintf(folder, sizeof folder, "%.*s/",
                                        (int)(slash - path), path);
    size_t length;

    if (size > 0 && (size_t)size < sizeof folder &&
        realpath(folder, real) != NULL &&
        realpath(directory->path, data) != NULL) {
        length = strlen(data);
        if (strncmp(real, data, length) != 0 ||
            (real[length] != '\0' && real[length] != '/')) {
            return STATUS_OK;
        }
    }
    args_error(args, "--resume %s: %s", path, args_text(args, inside));
    return STATUS_USAGE;
}

/* A note, or the proof of an office, which ends with one. */
static enum status read_checkpoint(const struct args *args, const char *path,
                                   struct buffer *file, struct bytes *note)
{
    struct tlog_proof proof;
    enum status status = file_read(path, file);

    if (status != STATUS_OK) {
        (void)command_fail(args, path, STATUS_NO_INPUT);
        return STATUS_NO_INPUT;
    }
    tlog_proof_init(&proof);
    *note = buffer_bytes(file);
    status = tlog_proof_read(*note, &proof);
    if (status == STATUS_OK) {
        *note = proof.note;
    }
    tlog_proof_fini(&proof);
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

static enum status check_all(struct checking *self,
                             const struct verify_options *options)
{
    static const struct language_text stopped = {
        "đã dừng; chạy lại cùng lệnh để kiểm tra tiếp",
        "stopped; give the same command again to go on"};
    static const struct language_text moving = {
        "sổ cái được ghi trong lúc kiểm tra; hãy kiểm tra một bản sao, hoặc "
        "chạy với người dùng của trung tâm",
        "the ledger was written meanwhile; check a copy, or run this as the "
        "collector's user"};
    struct verify_results *results = calloc(1, sizeof *results);
    enum status status;

    if (results == NULL) {
        return STATUS_MEMORY;
    }
    status = verify_ledger(options, results);
    if (self->drawn) {
        progress_end(&self->progress);
    }
    if (status == STATUS_OK) {
        status = print_results(self, results);
        if (status == STATUS_OK && !verify_passes(results)) {
            status = STATUS_CORRUPT;
        }
    } else if (status == STATUS_AGAIN) {
        (void)fprintf(stderr, "%s\n", args_text(self->args, stopped));
    } else if (status == STATUS_BUSY) {
        args_error(self->args, "%s: %s", options->directory->path,
                   args_text(self->args, moving));
    } else {
        (void)command_fail(self->args, options->directory->path, status);
    }
    free(results);
    return status;
}

enum status cmd_audit_verify(const struct args *args, void *context)
{
    struct checking self = {.args = args};
    const char *checkpoint = args_value(args, "checkpoint");
    struct sigaction action = {.sa_handler = note_signal};
    struct directory directory;
    struct verify_options options = {.directory = &directory, .owner = &self};
    struct buffer file;
    bool copy = false;
    enum status status = listing_format_given(args, &self.format);

    (void)context;
    buffer_init(&file, TLOG_PROOF_BYTES_MAX);
    options.resume = args_value(args, "resume");
    if (status == STATUS_OK) {
        status = command_data(args, &copy, &directory);
    }
    if (status == STATUS_OK) {
        status = copy ? directory_check_copy(&directory)
                      : directory_check(&directory);
        if (status != STATUS_OK) {
            (void)command_fail(args, directory.path, status);
        }
    }
    if (status == STATUS_OK && checkpoint != NULL) {
        status = read_checkpoint(args, checkpoint, &file, &options.checkpoint);
    }
    if (status == STATUS_OK && options.resume != NULL) {
        status = check_resume(args, &directory, options.resume);
        options.stop = is_to_stop;
        (void)sigaction(SIGINT, &action, NULL);
        (void)sigaction(SIGTERM, &action, NULL);
    }
    if (status == STATUS_OK) {
        options.language = language_of(&self);
        options.progress = show_progress;
        status = check_all(&self, &options);
    }
    buffer_fini(&file);
    return status;
}
