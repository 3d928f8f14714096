/* plan show: what is in force, in which file and under which hash, so that
 * sha256sum on somebody's copy says whether it is the same; and how each plan
 * is read where its text leaves that open. */
#include "collector/commands/commands.h"
#include "common/base/listing.h"
#include "common/base/text.h"
#include "common/figures/indicator_notes.h"
#include "common/format/control.h"
#include "common/plan/plan_choice.h"

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

static const struct listing_column setting_columns[] = {
    {"plan", {"Kế hoạch", "Plan"}, LISTING_LEFT},
    {"setting", {"Thiết lập", "Setting"}, LISTING_LEFT},
    {"label", {"Câu hỏi", "Question"}, LISTING_LEFT},
    {"option", {"Cách hiểu", "Option"}, LISTING_LEFT},
    {"option_label", {"Nghĩa là", "Meaning"}, LISTING_LEFT},
    {"chosen", {"Đang dùng", "Chosen"}, LISTING_LEFT},
    {"note", {"Ghi chú", "Note"}, LISTING_LEFT},
};

static const struct listing_column baseline_columns[] = {
    {"plan", {"Kế hoạch", "Plan"}, LISTING_LEFT},
    {"baseline", {"Số liệu gốc", "Baseline"}, LISTING_LEFT},
    {"label", {"Nội dung", "What"}, LISTING_LEFT},
    {"quantity", {"Số lượng", "Quantity"}, LISTING_RIGHT},
    {"lower_bound", {"Ít nhất", "At least"}, LISTING_LEFT},
    {"on", {"Ngày", "Day"}, LISTING_LEFT},
    {"unit", {"Đơn vị", "Unit"}, LISTING_LEFT},
    {"source", {"Nguồn", "Source"}, LISTING_LEFT},
    {"source_line", {"Dòng", "Line"}, LISTING_RIGHT},
};

static const struct listing_column responsible_columns[] = {
    {"plan", {"Kế hoạch", "Plan"}, LISTING_LEFT},
    {"target", {"Chỉ tiêu", "Target"}, LISTING_LEFT},
    {"label", {"Nội dung", "What"}, LISTING_LEFT},
    {"responsible", {"Cơ quan chịu trách nhiệm", "Responsible"}, LISTING_LEFT},
};

/* What one call shows. */
struct showing {
    const struct args *args;
    const struct reading *reading;
    const struct context *context;
    enum listing_format format;
    const struct context_plan *only; /* NULL: all plans */
};

static bool is_shown(const struct showing *showing, size_t place)
{
    return showing->only == NULL ||
           showing->only == context_plan_at(showing->context, place);
}

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

static enum status print_entry(const struct ledger_snapshot *snapshot,
                               struct listing *listing, const char *kind,
                               uint64_t index)
{
    struct control *control = NULL;
    struct entry entry;
    struct bytes bytes;
    enum status status = ledger_entry(snapshot, index, &entry);

    if (status == STATUS_OK) {
        status = ledger_bytes(snapshot, &entry, &bytes);
    }
    if (status == STATUS_OK) {
        status = control_open(bytes, NULL, &control);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < control->files.file_count;
         i++) {
        print_file(listing, kind, index, control, &control->files.files[i]);
    }
    control_free(&control);
    return status;
}

static enum status print_entries(const struct showing *showing,
                                 const struct ledger_snapshot *snapshot,
                                 struct listing *listing)
{
    static const struct {
        enum control_kind kind;
        const char *name;
    } others[] = {{CONTROL_UNITS, "units"}, {CONTROL_VOCABULARY, "vocabulary"}};
    enum status status = STATUS_OK;
    uint64_t index = 0;

    for (size_t i = 0;
         i < context_plan_count(showing->context) && status == STATUS_OK; i++) {
        if (is_shown(showing, i)) {
            status = print_entry(snapshot, listing, "plan",
                                 context_plan_at(showing->context, i)->index);
        }
    }
    for (size_t i = 0;
         i < sizeof others / sizeof others[0] && status == STATUS_OK; i++) {
        if (province_find(showing->reading->province, others[i].kind, 0,
                          &index) == STATUS_OK) {
            status = print_entry(snapshot, listing, others[i].name, index);
        }
    }
    return status;
}

static enum status print_files(const struct showing *showing)
{
    struct ledger_snapshot *snapshot = NULL;
    struct listing *listing = NULL;
    enum status status =
        listing_open(showing->format, showing->args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);
    enum status closed;

    if (status == STATUS_OK) {
        status = ledger_snapshot_open(showing->reading->ledger, &snapshot);
    }
    if (status == STATUS_OK) {
        status = print_entries(showing, snapshot, listing);
    }
    ledger_snapshot_close(&snapshot);
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

/* A word for people, and one that scripts rely on. */
static const char *yes_or_no(const struct showing *showing, bool yes)
{
    if (showing->format == LISTING_TEXT &&
        showing->args->language == LANGUAGE_VI) {
        return yes ? "có" : "không";
    }
    return yes ? "yes" : "no";
}

static void print_setting(const struct showing *showing,
                          struct listing *listing, const struct plan *plan,
                          const struct plan_setting *setting)
{
    enum language language = showing->args->language;
    const char *note = language_pick(setting->note, language);

    for (uint32_t i = 0; i < setting->option_count; i++) {
        const struct plan_option *option = &setting->options[i];

        listing_text(listing, plan->id);
        listing_text(listing, setting->id);
        listing_text(listing, language_pick(setting->label, language));
        listing_text(listing, option->id);
        listing_text(listing, language_pick(option->label, language));
        listing_text(listing, yes_or_no(showing, i == setting->chosen));
        if (note != NULL && i == setting->chosen) {
            listing_text(listing, note);
        } else {
            listing_none(listing);
        }
    }
}

static enum status print_settings(const struct showing *showing)
{
    struct listing *listing = NULL;
    enum status status = listing_open(
        showing->format, showing->args->language, setting_columns,
        sizeof setting_columns / sizeof setting_columns[0], stdout, &listing);
    enum status closed;

    for (size_t i = 0;
         i < context_plan_count(showing->context) && status == STATUS_OK; i++) {
        const struct plan *plan = context_plan_at(showing->context, i)->plan;

        for (uint32_t k = 0; k < plan->setting_count && is_shown(showing, i);
             k++) {
            print_setting(showing, listing, plan, &plan->settings[k]);
        }
    }
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

static void print_day(const struct showing *showing, struct listing *listing,
                      int32_t day)
{
    char text[TEXT_DATE_MAX];

    if (showing->format == LISTING_TEXT) {
        text_format_date(day, showing->args->language, text);
    } else {
        text_format_date_iso(day, text);
    }
    listing_text(listing, text);
}

static void print_baseline(const struct showing *showing,
                           struct listing *listing, const struct plan *plan,
                           uint32_t place)
{
    const struct plan_baseline *baseline = &plan->baselines[place];
    enum language language = showing->args->language;
    char unit[UNIT_TEXT_MAX];

    listing_text(listing, plan->id);
    listing_text(listing, baseline->id);
    listing_text(listing, language_pick(baseline->label, language));
    listing_count(listing, baseline->quantity);
    listing_text(listing, yes_or_no(showing, baseline->lower_bound));
    print_day(showing, listing, baseline->on);
    unit_key_format(baseline->unit, unit);
    listing_text(listing, unit);
    listing_text(listing, language_pick(baseline->source, language));
    if (baseline->source_line != 0) {
        listing_number(listing, baseline->source_line);
    } else {
        listing_none(listing);
    }
}

static void print_responsible(const struct showing *showing,
                              struct listing *listing, const struct plan *plan,
                              uint32_t place)
{
    const struct plan_target *target = &plan->targets[place];
    enum language language = showing->args->language;
    char offices[INDICATOR_NOTE_MAX];

    /* A goal that was changed is the same target. */
    if (target->responsible_count == 0 || target->effective != 0) {
        return;
    }
    indicator_responsible_text(target, context_vocabulary(showing->context),
                               language, offices);
    listing_text(listing, plan->id);
    listing_text(listing, target->id);
    listing_text(listing, language_pick(target->label, language));
    listing_text(listing, offices);
}

/* What plans say besides their targets, a table each. */
struct part {
    const struct listing_column *columns;
    size_t column_count;
    uint32_t (*count)(const struct plan *plan);
    void (*print)(const struct showing *showing, struct listing *listing,
                  const struct plan *plan, uint32_t place);
};

static uint32_t baselines_of(const struct plan *plan)
{
    return plan->baseline_count;
}

static uint32_t targets_of(const struct plan *plan)
{
    return plan->target_count;
}

static const struct part baselines = {
    baseline_columns, sizeof baseline_columns / sizeof baseline_columns[0],
    baselines_of, print_baseline};
static const struct part responsible = {responsible_columns,
                                        sizeof responsible_columns /
                                            sizeof responsible_columns[0],
                                        targets_of, print_responsible};

static enum status print_part(const struct showing *showing,
                              const struct part *part)
{
    struct listing *listing = NULL;
    enum status status =
        listing_open(showing->format, showing->args->language, part->columns,
                     part->column_count, stdout, &listing);
    enum status closed;

    for (size_t i = 0;
         i < context_plan_count(showing->context) && status == STATUS_OK; i++) {
        const struct plan *plan = context_plan_at(showing->context, i)->plan;

        for (uint32_t k = 0; is_shown(showing, i) && k < part->count(plan);
             k++) {
            part->print(showing, listing, plan, k);
        }
    }
    closed = listing_close(&listing);
    return status == STATUS_OK ? closed : status;
}

static bool has_baselines(const struct showing *showing)
{
    bool any = false;

    for (size_t i = 0; i < context_plan_count(showing->context); i++) {
        any = any ||
              (is_shown(showing, i) &&
               context_plan_at(showing->context, i)->plan->baseline_count > 0);
    }
    return any;
}

static bool has_responsible(const struct showing *showing)
{
    bool any = false;

    for (size_t i = 0; i < context_plan_count(showing->context); i++) {
        const struct plan *plan = context_plan_at(showing->context, i)->plan;

        for (uint32_t k = 0; is_shown(showing, i) && k < plan->target_count;
             k++) {
            any = any || plan->targets[k].responsible_count > 0;
        }
    }
    return any;
}

/* Says the name of each plan; true when one of them has settings. */
static bool print_titles(const struct showing *showing)
{
    bool settings = false;

    for (size_t i = 0; i < context_plan_count(showing->context); i++) {
        const struct plan *plan = context_plan_at(showing->context, i)->plan;

        if (is_shown(showing, i)) {
            bool numbered = plan->number[0] != '\0';

            (void)printf("%s: %s%s%s%s\n", plan->id,
                         language_pick(plan->title, showing->args->language),
                         numbered ? " (" : "", plan->number,
                         numbered ? ")" : "");
            settings = settings || plan->setting_count > 0;
        }
    }
    return settings;
}

static enum status show(const struct showing *showing)
{
    static const struct language_text none = {
        "chưa nạp kế hoạch: tallyline-collector plan load THƯ-MỤC",
        "no plan is loaded: tallyline-collector plan load DIRECTORY"};
    bool settings = args_flag(showing->args, "settings");
    enum status status;

    if (context_plan_count(showing->context) == 0) {
        (void)fprintf(stderr, "%s\n", args_text(showing->args, none));
    }
    if (args_flag(showing->args, "baselines")) {
        return print_part(showing, &baselines);
    }
    if (args_flag(showing->args, "responsible")) {
        return print_part(showing, &responsible);
    }
    if (showing->format != LISTING_TEXT || settings) {
        return settings ? print_settings(showing) : print_files(showing);
    }
    settings = print_titles(showing);
    status = print_files(showing);
    if (status == STATUS_OK && settings) {
        (void)printf("\n");
        status = print_settings(showing);
    }
    if (status == STATUS_OK && has_baselines(showing)) {
        (void)printf("\n");
        status = print_part(showing, &baselines);
    }
    if (status == STATUS_OK && has_responsible(showing)) {
        (void)printf("\n");
        status = print_part(showing, &responsible);
    }
    return status;
}

enum status cmd_plan_show(const struct args *args, void *context)
{
    struct showing showing = {.args = args, .format = LISTING_TEXT};
    struct reading reading;
    enum status status = listing_format_given(args, &showing.format);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = reading_open(args, &reading);
    if (status == STATUS_OK) {
        showing.reading = &reading;
        showing.context = province_context(reading.province);
        if (args_value(args, "plan") != NULL) {
            status = plan_choice(args, showing.context, 0, &showing.only);
        }
    }
    if (status == STATUS_OK) {
        status = show(&showing);
    }
    reading_close(&reading);
    return status;
}
