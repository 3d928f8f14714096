/* audit erase: what a batch says goes, from the collector's files, from its
 * backups and from the office that sent it; that there was one, its hash, its
 * place in the tree and what it counted for stay.
 *
 * The order is an entry first. Then the files are overwritten: by this program,
 * which has never had the bytes in memory to be written, beside a collector
 * that runs or not. What a running collector holds in memory may come into
 * unused parts of the file again; its next start overwrites them. */
#include "collector/commands/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collector/audit/erasing.h"
#include "collector/ledger/ledger_move.h"
#include "collector/recovery/recovery.h"
#include "common/base/text.h"

#define ORDER_TEXT_MAX 32u
#define ORDER_YEAR_MIN 2000u
#define ORDER_YEAR_MAX 2100u
#define WAIT_STEPS     100u
#define WAIT_NS        100000000L /* a tenth of a second */

struct erase {
    const struct args *args;
    uint64_t index;
    uint32_t number, year;
    struct erasing erasing;
};

/* ---- what was asked for ---- */

static bool read_number(const char **at, uint64_t max, uint64_t *number)
{
    const char *from = *at;

    *number = 0;
    while (**at >= '0' && **at <= '9' && *number <= max) {
        *number = *number * 10u + (uint64_t)(*(*at)++ - '0');
    }
    return *at > from && *number <= max;
}

/* "12/2026" */
static bool read_order(const char *text, uint32_t *number, uint32_t *year)
{
    uint64_t first = 0, second = 0;

    if (!read_number(&text, UINT32_MAX, &first) || first == 0 ||
        *text++ != '/' || !read_number(&text, ORDER_YEAR_MAX, &second) ||
        second < ORDER_YEAR_MIN || *text != '\0') {
        return false;
    }
    *number = (uint32_t)first;
    *year = (uint32_t)second;
    return true;
}

static enum status read_args(struct erase *self)
{
    static const struct language_text usage = {
        "cần số mục của lô và --order SỐ/NĂM của lệnh xóa",
        "the entry of a batch and --order NUMBER/YEAR are needed"};
    const char *order = args_value(self->args, "order");
    const char *at =
        self->args->operand_count == 1 ? self->args->operands[0] : "";

    if (!read_number(&at, UINT64_MAX / 16, &self->index) || *at != '\0' ||
        order == NULL || !read_order(order, &self->number, &self->year)) {
        args_error(self->args, "%s", args_text(self->args, usage));
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* ---- asking ---- */

static bool is_english(const struct args *args)
{
    return args->language == LANGUAGE_EN;
}

static void show(const struct erase *self, const struct context *context)
{
    static const struct language_text what = {
        "Sẽ xóa vĩnh viễn nội dung của lô này ở sổ cái, ở tệp lưu lạnh và ở "
        "trạm: đối tượng được nêu, số văn bản, khóa dòng, vai trò và thời điểm "
        "ghi. Còn lại: mã băm, vị trí trong cây, mã sự kiện, loại, ngày, đơn "
        "vị, giá trị và số lượng. Số đếm đối tượng sẽ mang dấu (†). Dòng mà "
        "trạm nhập lại sau đó sẽ được tính lần nữa, và số liệu mang dấu (†). "
        "Bản sao lưu phải xóa riêng: audit erase --data THƯ-MỤC",
        "What this batch says will be erased for good, in the ledger, in cold "
        "files and at the office: the things it names, document numbers, row "
        "keys, roles and times of recording. What stays: hash, place in the "
        "tree, ids of events, types, days, units, values and quantities. "
        "Figures that count things will bear the mark (†). A row of it that an "
        "office imports again later counts once more, and its figures bear "
        "the mark. Backups are erased apart: audit erase --data DIR"};
    const struct entry *entry = &self->erasing.entry;
    const struct contribution_about *about = &self->erasing.about;
    const struct context_agent *agent =
        context_agent(context, entry->agent_number);
    char moment[TEXT_MOMENT_MAX];

    text_format_moment(entry->received_at, moment);
    (void)fprintf(
        stderr,
        is_english(self->args) ? "Entry %" PRIu64 ", agent %" PRIu32
                                 " (%s), received %s, %" PRIu32 " events.\n%s\n"
                               : "Mục %" PRIu64 ", trạm %" PRIu32
                                 " (%s), nhận %s, %" PRIu32 " sự kiện.\n%s\n",
        entry->index, entry->agent_number, agent == NULL ? "?" : agent->name,
        moment, entry->count, args_text(self->args, what));
    (void)fprintf(stderr,
                  is_english(self->args)
                      ? "Figures: %" PRIu32 " events count as before, %" PRIu32
                        " did not count, %" PRIu32 " cannot be kept; %" PRIu32
                        " rows are in other batches too.\n"
                      : "Số liệu: %" PRIu32 " sự kiện vẫn được tính, %" PRIu32
                        " vốn không được tính, %" PRIu32
                        " không giữ lại được; %" PRIu32
                        " dòng còn có trong lô khác.\n",
                  about->kept, about->empty, about->lost, self->erasing.shared);
    if (about->unknown > 0) {
        (void)fprintf(
            stderr,
            is_english(self->args)
                ? "%" PRIu32 " events are of types that this version does not "
                  "know; a newer one would count them. Update first: erased "
                  "now, they never count.\n"
                : "%" PRIu32 " sự kiện thuộc loại mà phiên bản này chưa biết, "
                  "phiên bản mới hơn sẽ tính. Hãy nâng cấp trước: xóa bây giờ "
                  "thì không bao giờ được tính.\n",
            about->unknown);
    }
}

static enum status confirm(const struct erase *self)
{
    static const struct language_text no = {"không xóa gì",
                                            "nothing is erased"};
    char line[ORDER_TEXT_MAX];
    uint32_t number = 0, year = 0;

    if (args_flag(self->args, "yes")) {
        return STATUS_OK;
    }
    (void)fprintf(stderr,
                  is_english(self->args)
                      ? "There is no way back. Type the order (%" PRIu32
                        "/%" PRIu32 ") to confirm: "
                      : "Không lấy lại được. Gõ số lệnh (%" PRIu32 "/%" PRIu32
                        ") để xác nhận: ",
                  self->number, self->year);
    (void)fflush(stderr);
    if (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (read_order(line, &number, &year) && number == self->number &&
            year == self->year) {
            return STATUS_OK;
        }
    }
    (void)fprintf(stderr, "%s\n", args_text(self->args, no));
    return STATUS_REFUSED;
}

/* ---- the order ---- */

static enum status compose(void *owner, const struct context *context,
                           struct control controls[], size_t *count)
{
    const struct erase *self = owner;

    (void)context;
    erasing_order(&self->erasing, self->number, self->year, &controls[0]);
    *count = 1;
    return STATUS_OK;
}

static enum status say_why(const struct erase *self, enum status status)
{
    static const struct language_text none = {"không có mục này",
                                              "there is no such entry"};
    static const struct language_text no_batch = {
        "mục này không phải là lô sự kiện; chỉ lô mới xóa được",
        "this entry is no batch of events; only a batch can be erased"};
    static const struct language_text already = {
        "lô này đã bị xóa theo lệnh từ trước",
        "this batch was erased by order before"};
    const struct language_text *why =
        status == STATUS_NOT_FOUND                           ? &none
        : status == STATUS_INVALID                           ? &no_batch
        : status == STATUS_ERASED || status == STATUS_EXISTS ? &already
                                                             : NULL;

    args_error(self->args, "%" PRIu64 ": %s", self->index,
               why != NULL ? args_text(self->args, *why)
                           : status_text(status, self->args->language));
    return status;
}

static enum status give_order(struct erase *self)
{
    struct writer_order order = {.owner = self, .compose = compose};
    struct erasing_progress progress = {.read = NULL};
    struct writer *writer = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    status = command_writer(self->args, &clock, &writer);
    if (status != STATUS_OK) {
        return status;
    }
    status = erasing_make(writer_ledger(writer), writer_context(writer),
                          &writer_keys(writer)->administrator, self->index,
                          progress, &self->erasing);
    if (status != STATUS_OK) {
        (void)say_why(self, status);
    } else {
        show(self, writer_context(writer));
        status = confirm(self);
        if (status == STATUS_OK) {
            status = command_order(self->args, writer, &order);
            if (status == STATUS_EXISTS) {
                (void)say_why(self, status);
            }
        }
    }
    erasing_fini(&self->erasing);
    writer_close(&writer);
    return status;
}

/* ---- the files ---- */

/* Waits for those who read an earlier state, ten seconds at most. */
static enum status overwrite(struct ledger *ledger, bool last)
{
    const struct timespec pause = {.tv_nsec = WAIT_NS};
    enum status status = STATUS_BUSY;

    for (unsigned i = 0; i < WAIT_STEPS && status == STATUS_BUSY; i++) {
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        status = ledger_overwrite(ledger, last);
    }
    return status;
}

static enum status clean(const struct args *args,
                         const struct directory *directory, bool last)
{
    static const struct language_text later = {
        "đã xóa; phần trống của tệp sẽ được ghi đè khi trung tâm khởi động lại",
        "erased; what the file still has in unused places is overwritten at "
        "the collector's next start"};
    static const struct language_text away = {
        "đã xóa; thiếu tệp lưu lạnh, hãy đặt lại tệp rồi khởi động lại trung "
        "tâm để ghi đè trong đó",
        "erased; a cold file is missing: put it back and start the collector "
        "again to have it overwritten there"};
    struct ledger_options options = {.path = directory->ledger};
    struct ledger *ledger = NULL;
    struct clock clock;
    enum status status;

    clock_init_real(&clock);
    options.clock = &clock;
    (void)unlink(directory->state); /* it names things too */
    status = ledger_open(&options, &ledger);
    if (status == STATUS_OK) {
        status = overwrite(ledger, last);
    }
    ledger_close(&ledger);
    if (status == STATUS_BUSY || (status == STATUS_OK && !last)) {
        (void)fprintf(stderr, "%s\n", args_text(args, later));
        return STATUS_OK;
    }
    if (status == STATUS_AWAY) {
        (void)fprintf(stderr, "%s\n", args_text(args, away));
        return STATUS_OK;
    }
    return status == STATUS_OK ? status
                               : command_fail(args, directory->ledger, status);
}

static enum status erase_here(struct erase *self)
{
    struct directory directory;
    int lock = -1;
    enum status status = read_args(self);

    if (status == STATUS_OK) {
        status = give_order(self);
    }
    if (status == STATUS_OK) {
        status = command_directory(self->args, &directory);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = directory_lock(&directory, &lock);
    if (status == STATUS_OK || status == STATUS_BUSY) {
        status = clean(self->args, &directory, status == STATUS_OK);
    }
    directory_unlock(&lock);
    return status;
}

/* ---- a backup ---- */

/* Gives every order of the province's ledger to the copy. */
static enum status give_all(struct ledger *ledger, struct ledger *copy,
                            uint64_t *erased)
{
    struct ledger_snapshot *snapshot = NULL;
    struct entry entry;
    struct bytes document;
    uint64_t at = 0;
    enum status status = ledger_snapshot_open(ledger, &snapshot);

    while (status == STATUS_OK) {
        status = ledger_next_control(snapshot, at, &entry);
        if (status != STATUS_OK) {
            break;
        }
        at = entry.index + 1;
        status = ledger_bytes(snapshot, &entry, &document);
        if (status == STATUS_OK) {
            status = ledger_erase_copy(copy, entry.index, document);
            *erased += status == STATUS_OK ? 1 : 0;
        }
        if (status == STATUS_NOT_FOUND || status == STATUS_EXISTS) {
            status = STATUS_OK;
        }
    }
    ledger_snapshot_close(&snapshot);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status erase_copy(const struct args *args, const char *folder)
{
    struct directory from;
    struct directory to;
    struct ledger_options options = {.read_only = true};
    struct ledger *ledger = NULL;
    struct ledger *copy = NULL;
    struct clock clock;
    uint64_t erased = 0;
    enum status status = command_directory(args, &from);

    if (status != STATUS_OK || directory_init(&to, folder) != STATUS_OK) {
        return STATUS_USAGE;
    }
    clock_init_real(&clock);
    options.path = from.ledger;
    status = ledger_open(&options, &ledger);
    if (status != STATUS_OK) {
        return command_fail(args, from.ledger, status);
    }
    options = (struct ledger_options){.path = to.ledger, .clock = &clock};
    status = ledger_open(&options, &copy);
    if (status == STATUS_OK) {
        status = give_all(ledger, copy, &erased);
    }
    /* It is older than the orders, which are no entries of it. */
    if (status == STATUS_OK && erased > 0) {
        status = recovery_mark(copy, RECOVERY_RESTORED);
    }
    ledger_close(&copy);
    ledger_close(&ledger);
    if (status != STATUS_OK) {
        return command_fail(args, to.ledger, status);
    }
    (void)fprintf(stderr,
                  is_english(args)
                      ? "%" PRIu64 " batches erased by order in the copy\n"
                      : "%" PRIu64 " lô đã xóa theo lệnh trong bản sao\n",
                  erased);
    return clean(args, &to, true);
}

enum status cmd_audit_erase(const struct args *args, void *context)
{
    struct erase self = {.args = args};
    const char *copy = args_value(args, "data");

    (void)context;
    return copy != NULL ? erase_copy(args, copy) : erase_here(&self);
}
