/* orders and import-orders: what was ordered at one collector of the province
 * is taken to another, in either direction. Reading needs no collector that
 * runs; taking is done as every order is. Failure modes: a file that is cut, or
 * of another province, is refused before anything of it is taken. */
#include "collector/commands/commands.h"
#include "collector/commands/commands_beside.h"
#include "collector/province/arrivals.h"
#include "common/base/id_map.h"
#include "common/base/listing.h"
#include "common/format/wire.h"

#include <inttypes.h>
#include <stdio.h>

static const struct listing_column columns[] = {
    {"added", {"Lệnh mới", "New orders"}, LISTING_RIGHT},
    {"known", {"Đã có", "Already here"}, LISTING_RIGHT},
    {"passed_over",
     {"Bỏ qua vì có lệnh muộn hơn", "Passed over for later ones"},
     LISTING_RIGHT},
    {"left_out", {"Không hợp", "Left out"}, LISTING_RIGHT},
    {"batches", {"Lô mới", "New batches"}, LISTING_RIGHT},
    {"refused", {"Lô bị từ chối", "Batches refused"}, LISTING_RIGHT},
};

static const struct listing_column written_columns[] = {
    {"orders", {"Lệnh đã ghi", "Orders written"}, LISTING_RIGHT},
    {"batches", {"Lô đã ghi", "Batches written"}, LISTING_RIGHT},
};

/* ---- writing ---- */

static enum status write_file(const char *path, bool batches,
                              const struct reading *reading,
                              const struct keys *keys,
                              struct carrying_written *written)
{
    const struct control_genesis *genesis =
        context_genesis(province_context(reading->province));
    struct orders_file_writer *file = NULL;
    struct ledger_snapshot *snapshot = NULL;
    struct orders_file_head head = {.entries = 0};
    struct clock clock;
    bool rebuilt = false;
    enum status status = genesis == NULL
                             ? STATUS_REBUILDING
                             : ledger_snapshot_open(reading->ledger, &snapshot);

    clock_init_real(&clock);
    if (status == STATUS_OK) {
        status = ledger_is_rebuilt(snapshot, &rebuilt);
    }
    if (status == STATUS_OK && rebuilt) {
        status = STATUS_REBUILDING; /* some orders have not come back yet */
    }
    if (status == STATUS_OK) {
        head.made_at = clock_wall_us(&clock);
        head.ledger_id = genesis->ledger_id;
        head.entries = ledger_snapshot_size(snapshot);
        status = orders_file_create(path, &head, &file);
    }
    if (status == STATUS_OK) {
        status = carrying_write(snapshot, batches, file, written);
    }
    if (status == STATUS_OK) {
        status = orders_file_finish(&file, &keys->administrator);
    }
    orders_file_abandon(&file);
    ledger_snapshot_close(&snapshot);
    return status;
}

static enum status explain_writing(const struct args *args, const char *path,
                                   enum status status)
{
    static const struct language_text exists = {
        "đã có một tệp khác mang tên này; hãy chọn tên khác",
        "there is a file of another kind; choose another name"};
    static const struct language_text keys = {
        "tỉnh đã có khóa mới: sổ cái khác không nhận được những lệnh mà khóa "
        "cũ đã ký",
        "the province has got new keys: what the old ones signed no other "
        "ledger can take"};

    if (status == STATUS_EXISTS) {
        args_error(args, "%s: %s", path, args_text(args, exists));
    } else if (status == STATUS_REFUSED) {
        args_error(args, "%s", args_text(args, keys));
    } else if (status != STATUS_OK) {
        (void)command_fail(args, path, status);
    }
    return status;
}

static enum status print_written(const struct args *args,
                                 enum listing_format format,
                                 const struct carrying_written *written)
{
    struct listing *listing = NULL;
    enum status status = listing_open(
        format, args->language, written_columns,
        sizeof written_columns / sizeof *written_columns, stdout, &listing);

    if (status != STATUS_OK) {
        return status;
    }
    listing_count(listing, written->orders);
    listing_count(listing, written->batches);
    return listing_close(&listing);
}

enum status cmd_orders(const struct args *args, void *context)
{
    static const struct language_text needed = {"cần --output TỆP",
                                                "--output FILE is needed"};
    static const struct language_text erased = {
        "lô đã xóa theo lệnh, không có trong tệp; sổ cái kia cũng không nhận "
        "được những gì đứng sau trong cùng đợt",
        "batches that an order erased are not in the file, and what stands "
        "behind them in their epochs the other ledger cannot take"};
    const char *path = args_value(args, "output");
    struct reading reading = {.ledger = NULL};
    struct carrying_written written = {.orders = 0};
    struct keys keys;
    enum listing_format format;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    if (path == NULL) {
        args_error(args, "%s", args_text(args, needed));
        return STATUS_USAGE;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        status = keys_load(&reading.directory, &keys, NULL);
        if (status != STATUS_OK) {
            (void)command_fail(args, reading.directory.keys, status);
        } else {
            status =
                explain_writing(args, path,
                                write_file(path, args_flag(args, "batches"),
                                           &reading, &keys, &written));
            keys_wipe(&keys);
        }
    }
    if (status == STATUS_OK) {
        status = print_written(args, format, &written);
    }
    if (status == STATUS_OK && written.erased > 0) {
        (void)fprintf(stderr, "%s: %" PRIu64 "\n", args_text(args, erased),
                      written.erased);
    }
    reading_close(&reading);
    return status;
}

/* ---- taking ---- */

enum status beside_open(const struct args *args, const char *path,
                        const struct public_key *administrator,
                        struct orders_file_reader **file)
{
    static const struct language_text part = {
        "tệp lệnh không trọn vẹn hoặc đã bị sửa: ghi lại bằng "
        "tallyline-collector orders",
        "the file of orders is not whole, or was changed: write it again with "
        "tallyline-collector orders"};
    static const struct language_text other = {
        "không phải lệnh của tỉnh này: chữ ký không phải của khóa này",
        "these are not the orders of this province: another key has signed "
        "them"};
    struct orders_file_head head;
    enum status status = orders_file_open(path, &head, file);

    if (status == STATUS_OK) {
        status = orders_file_verify(*file, administrator);
    }
    if (status == STATUS_INVALID) {
        args_error(args, "%s: %s", path, args_text(args, part));
    } else if (status == STATUS_REFUSED) {
        args_error(args, "%s: %s", path, args_text(args, other));
    } else if (status != STATUS_OK) {
        (void)command_fail(args, path, status);
    }
    if (status != STATUS_OK) {
        orders_file_close(file);
    }
    return status;
}

enum status beside_take(const struct args *args,
                        struct orders_file_reader *file,
                        const struct carrying_target *target,
                        struct carrying_result *result)
{
    static const struct language_text left_out = {
        "có lệnh chưa được lấy (nêu ở trên), và các lệnh sau đó về cùng văn "
        "phòng",
        "orders were left out (above), and what follows about the same "
        "offices"};
    struct report report;
    enum status status;

    report_init(&report, args->language);
    status = carrying_take(file, target, &report, result);
    command_report(&report);
    report_fini(&report);
    if (status == STATUS_OK && result->unfit > 0) {
        args_error(args, "%s", args_text(args, left_out));
        return STATUS_REFUSED;
    }
    if (status != STATUS_OK &&
        (status != STATUS_BUSY || target->handing != NULL)) {
        (void)command_fail(args, args->command->name, status);
    }
    return status;
}

/* What became of the batches. */
struct arriving {
    const struct args *args;
    uint64_t before; /* entries that there were */
    uint64_t batches, refused;
    struct id_map told; /* agents of which one was refused */
};

static enum status note_batch(void *owner, const struct handing_answer *answer)
{
    struct arriving *arriving = owner;

    if (answer->refusal == 0) {
        arriving->batches += answer->entry.index >= arriving->before;
        return STATUS_OK;
    }
    arriving->refused++;
    if (id_map_get(&arriving->told, (uint64_t)answer->agent + 1) !=
        ID_MAP_NONE) {
        return STATUS_OK; /* the others follow from the first one */
    }
    args_error(arriving->args, "%" PRIu32 ".%" PRIu32 ".%" PRIu64 ": %s",
               answer->agent, answer->epoch, answer->first_seq,
               wire_refusal_text(answer->refusal, arriving->args->language));
    return id_map_put(&arriving->told, (uint64_t)answer->agent + 1, 1);
}

static enum status print_result(enum listing_format format,
                                const struct arriving *arriving,
                                const struct carrying_result *result)
{
    struct listing *listing = NULL;
    enum status status =
        listing_open(format, arriving->args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);

    if (status == STATUS_OK) {
        listing_count(listing, result->added);
        listing_count(listing, result->known);
        listing_count(listing, result->passed_over);
        listing_count(listing, result->unfit);
        listing_count(listing, arriving->batches);
        listing_count(listing, arriving->refused);
    }
    return status == STATUS_OK ? listing_close(&listing) : status;
}

/* For doctor; it is no part of the taking. */
static void note_arrival(const struct arriving *arriving, int64_t now,
                         const struct carrying_result *result)
{
    const struct arrivals arrivals = {
        .at = now, .left_out = result->unfit, .refused = arriving->refused};
    struct directory directory;

    if (command_directory(arriving->args, &directory) == STATUS_OK &&
        arrivals_save(&directory, &arrivals) != STATUS_OK) {
        (void)command_fail(arriving->args, directory.path, STATUS_IO);
    }
}

static enum status take_file(const struct carrying_target *target,
                             struct orders_file_reader *file,
                             enum listing_format format,
                             struct arriving *arriving)
{
    static const struct language_text idle = {
        "tệp có cả số liệu: phải chạy trung tâm rồi mới lấy tiếp được",
        "the file has batches too: run the collector, and give the command "
        "again"};
    struct carrying_result result = {.added = 0};
    enum status status = beside_take(arriving->args, file, target, &result);
    enum status printed = print_result(format, arriving, &result);

    if (status == STATUS_OK || status == STATUS_REFUSED) {
        note_arrival(arriving, target->now, &result);
    }
    if (status == STATUS_BUSY && target->handing == NULL) {
        args_error(arriving->args, "%s", args_text(arriving->args, idle));
    }
    if (status == STATUS_OK && arriving->refused > 0) {
        status = STATUS_REFUSED;
    }
    return status == STATUS_OK ? printed : status;
}

static enum status count_entries(const struct writer *writer, uint64_t *entries)
{
    struct ledger_snapshot *snapshot = NULL;
    enum status status = ledger_snapshot_open(writer_ledger(writer), &snapshot);

    if (status == STATUS_OK) {
        *entries = ledger_snapshot_size(snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

enum status cmd_import_orders(const struct args *args, void *context)
{
    struct arriving arriving = {.args = args};
    struct handing_to to = {.owner = &arriving, .answered = note_batch};
    struct orders_file_reader *file = NULL;
    struct carrying_target target = {.writer = NULL};
    enum listing_format format = LISTING_TEXT;
    struct clock clock;
    enum status status = listing_format_given(args, &format);

    (void)context;
    clock_init_real(&clock);
    target.now = clock_wall_us(&clock);
    if (status == STATUS_OK) {
        status = command_writer(args, &clock, &target.writer);
    }
    if (status == STATUS_OK) {
        status = beside_open(
            args, args->operands[0],
            &writer_keys(target.writer)->administrator.public_key, &file);
    }
    if (status == STATUS_OK) {
        status = count_entries(target.writer, &arriving.before);
    }
    to.socket = status == STATUS_OK ? writer_socket(target.writer) : NULL;
    if (to.socket != NULL) {
        status = handing_open(&to, &target.handing);
    }
    if (status == STATUS_OK) {
        status = take_file(&target, file, format, &arriving);
    }
    handing_close(&target.handing);
    id_map_fini(&arriving.told);
    orders_file_close(&file);
    writer_close(&target.writer);
    return status;
}
