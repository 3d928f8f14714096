/* plan show: what is in force, in which file and under which hash, so that
 * sha256sum on somebody's copy says whether it is the same. */
#include "collector/commands.h"
#include "common/control.h"
#include "common/listing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct listing_column columns[] = {
    {"kind", {"Loại", "Kind"}, LISTING_LEFT},
    {"id", {"Mã", "Id"}, LISTING_LEFT},
    {"revision", {"Bản", "Revision"}, LISTING_RIGHT},
    {"entry", {"Mục trong sổ", "Entry"}, LISTING_RIGHT},
    {"loaded_at", {"Nạp lúc", "Loaded at"}, LISTING_LEFT},
    {"file", {"Tệp", "File"}, LISTING_LEFT},
    {"bytes", {"Byte", "Bytes"}, LISTING_RIGHT},
    {"sha256", {"SHA-256", "SHA-256"}, LISTING_LEFT},
};

static const struct {
    enum control_kind kind;
    const char *name;
} kinds[] = {{CONTROL_PLAN, "plan"},
             {CONTROL_UNITS, "units"},
             {CONTROL_VOCABULARY, "vocabulary"}};

static void print_file(struct listing *listing, const char *kind,
                       uint64_t index, const struct control *control,
                       const struct control_file *file)
{
    char hex[BYTES_HEX_SIZE(DIGEST_BYTES)] = "";
    struct digest digest;

    digest_bytes(file->content, &digest);
    (void)!bytes_to_hex((struct bytes){digest.bytes, sizeof digest.bytes}, hex,
                        sizeof hex);
    listing_text(listing, kind);
    listing_text(listing, control->files.id);
    listing_number(listing, control->files.revision);
    listing_number(listing, (int64_t)index);
    listing_moment(listing, control->created_at);
    listing_text(listing, file->name);
    listing_count(listing, file->content.size);
    listing_text(listing, hex);
}

static enum status print_kind(const struct reading *reading,
                              const struct ledger_snapshot *snapshot,
                              struct listing *listing, size_t kind)
{
    struct control *control = NULL;
    struct entry entry;
    struct bytes bytes;
    uint64_t index = 0;
    enum status status =
        province_find(reading->province, kinds[kind].kind, 0, &index);

    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    status = ledger_entry(snapshot, index, &entry);
    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &entry, &bytes);
    }
    if (status == STATUS_OK) {
        status = control_open(bytes, NULL, &control);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < control->files.file_count;
         i++) {
        print_file(listing, kinds[kind].name, index, control,
                   &control->files.files[i]);
    }
    control_free(&control);
    return status;
}

static enum status print_all(const struct args *args,
                             const struct reading *reading,
                             enum listing_format format)
{
    struct ledger_snapshot *snapshot = NULL;
    struct listing *listing = NULL;
    enum status status =
        listing_open(format, args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);
    enum status closed;

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(reading->ledger, &snapshot);
    }
    for (size_t i = 0;
         i < sizeof kinds / sizeof kinds[0] && status == STATUS_OK; i++) {
        status = print_kind(reading, snapshot, listing, i);
    }
    ledger_snapshot_close(&snapshot);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

enum status cmd_plan_show(const struct args *args, void *context)
{
    static const struct language_text none = {
        "chưa nạp kế hoạch: tallyline-collector plan load THƯ-MỤC",
        "no plan is loaded: tallyline-collector plan load DIRECTORY"};
    enum listing_format format = LISTING_TEXT;
    struct reading reading;
    const struct plan *plan;
    enum status status = listing_format_given(args, &format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        plan = context_plan(province_context(reading.province));
        if (plan == NULL) {
            (void)fprintf(stderr, "%s\n", args_text(args, none));
        } else if (format == LISTING_TEXT) {
            (void)printf("%s: %s (%s)\n", plan->id,
                         language_pick(plan->title, args->language),
                         plan->number);
        }
        status = print_all(args, &reading, format);
    }
    reading_close(&reading);
    return status;
}
