#include "collector/commands/status_recovery.h"

#include "common/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define RUNS_TEXT_MAX 512u

static const struct {
    const char *token;
    struct language_text text;
} kinds[] = {
    [RECOVERY_NONE] = {"whole", {"sổ cái đầy đủ", "the ledger is whole"}},
    [RECOVERY_BEHIND] = {"behind",
                         {"SỔ CÁI THIẾU MỤC, đang được các trạm gửi trả",
                          "THE LEDGER LACKS ENTRIES, the offices give them "
                          "back"}},
    [RECOVERY_RESTORED] = {"restored",
                           {"SỔ CÁI LẤY TỪ BẢN SAO LƯU, đang được các trạm gửi "
                            "phần còn thiếu",
                            "THE LEDGER IS FROM A BACKUP, the offices give "
                            "back what it lacks"}},
    [RECOVERY_TOTAL] = {"total",
                        {"SỔ CÁI ĐÃ MẤT, đang được dựng lại từ các trạm",
                         "THE LEDGER WAS LOST, it is rebuilt from the "
                         "offices"}},
};

json_t *status_recovery_json(const struct recovery_standing *standing)
{
    json_t *gaps;
    json_t *unheard;

    if (standing->kind == RECOVERY_NONE) {
        return json_null();
    }
    gaps = json_array();
    unheard = json_array();
    for (size_t i = 0; i < standing->gap_count; i++) {
        (void)json_array_append_new(
            gaps, json_pack("[II]", (json_int_t)standing->gaps[i].from,
                            (json_int_t)standing->gaps[i].to - 1));
    }
    for (uint32_t i = 0; i < standing->unheard && i < RECOVERY_GAPS_MAX; i++) {
        (void)json_array_append_new(unheard,
                                    json_integer(standing->first_unheard[i]));
    }
    return json_pack(
        "{si sI sI sI sI sI sb sI sb sb sI so so}", "kind", (int)standing->kind,
        "entries", (json_int_t)standing->entries, "target",
        (json_int_t)standing->target, "kept", (json_int_t)standing->kept,
        "missing", (json_int_t)standing->missing, "refused",
        (json_int_t)standing->refused, "misfit", standing->misfit, "misfit_at",
        (json_int_t)standing->misfit_at, "giving_up", standing->giving_up,
        "clock_behind", standing->clock_behind, "unheard_count",
        (json_int_t)standing->unheard, "gaps", gaps, "unheard", unheard);
}

static unsigned kind_of(const json_t *recovery)
{
    uint64_t kind = live_number(recovery, "kind");

    return kind <= RECOVERY_TOTAL ? (unsigned)kind : RECOVERY_NONE;
}

/* "5-9, 12": the first runs of missing numbers. */
static void runs_text(const json_t *recovery, char text[RUNS_TEXT_MAX])
{
    const json_t *gaps = json_object_get(recovery, "gaps");
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(gaps) && used < RUNS_TEXT_MAX; i++) {
        const json_t *run = json_array_get(gaps, i);
        json_int_t from = json_integer_value(json_array_get(run, 0));
        json_int_t to = json_integer_value(json_array_get(run, 1));
        const char *comma = i > 0 ? ", " : "";

        (void)(from == to ? snprintf(text + used, RUNS_TEXT_MAX - used,
                                     "%s%" JSON_INTEGER_FORMAT, comma, from)
                          : snprintf(text + used, RUNS_TEXT_MAX - used,
                                     "%s%" JSON_INTEGER_FORMAT
                                     "-%" JSON_INTEGER_FORMAT,
                                     comma, from, to));
        used += strlen(text + used);
    }
}

static void offices_text(const json_t *recovery, char text[RUNS_TEXT_MAX])
{
    const json_t *unheard = json_object_get(recovery, "unheard");
    uint64_t count = live_number(recovery, "unheard_count");
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(unheard) && used < RUNS_TEXT_MAX;
         i++) {
        (void)snprintf(text + used, RUNS_TEXT_MAX - used,
                       "%s%" JSON_INTEGER_FORMAT, i > 0 ? ", " : "",
                       json_integer_value(json_array_get(unheard, i)));
        used += strlen(text + used);
    }
    if (count > json_array_size(unheard) && used < RUNS_TEXT_MAX) {
        (void)snprintf(text + used, RUNS_TEXT_MAX - used, ", ...");
    }
}

/* An office that has called in the last day may still answer. */
static bool may_answer(const struct live *live, const json_t *recovery)
{
    const json_t *unheard = json_object_get(recovery, "unheard");
    int64_t now = clock_wall_us(clock_real());

    for (size_t i = 0; i < json_array_size(unheard); i++) {
        const json_t *agent = live_agent(
            live, (uint32_t)json_integer_value(json_array_get(unheard, i)));
        int64_t heard = json_integer_value(json_object_get(agent, "heard_at"));

        if (heard != 0 && now - heard < CLOCK_US_PER_DAY) {
            return true;
        }
    }
    return false;
}

/* What can be done: to wait, or to give up what nobody has. */
static void print_next(const struct args *args, const struct live *live,
                       const json_t *recovery)
{
    static const struct language_text wait = {
        "  chưa nhận số liệu mới; đang chờ các trạm gửi trả",
        "  nothing new is taken in; the offices are still giving back"};
    bool stands = json_array_size(json_object_get(recovery, "gaps")) > 0 ||
                  json_array_size(json_object_get(recovery, "unheard")) > 0 ||
                  json_is_true(json_object_get(recovery, "misfit"));
    uint64_t missing = live_number(recovery, "missing");

    if (!stands || may_answer(live, recovery)) {
        (void)printf("%s\n", args_text(args, wait));
    } else if (args->language == LANGUAGE_EN) {
        (void)printf("  nothing new is taken in; only if those offices are "
                     "gone for good: stop the collector, run init --recover "
                     "--give-up; entries that would be lost: %" PRIu64
                     "; this CANNOT BE TAKEN BACK\n",
                     missing);
    } else {
        (void)printf("  chưa nhận số liệu mới; chỉ khi các trạm kia đã mất "
                     "hẳn: dừng trung tâm, chạy init --recover --give-up; số "
                     "mục sẽ mất: %" PRIu64 "; KHÔNG HOÀN TÁC ĐƯỢC\n",
                     missing);
    }
}

void status_print_recovery(const struct args *args, const struct live *live)
{
    static const struct language_text missing = {"  các mục còn thiếu",
                                                 "  missing numbers"};
    static const struct language_text unheard = {
        "  trạm chưa gửi trả", "  offices that have not answered yet"};
    static const struct language_text misfit = {
        "  phần đã về không khớp chữ ký của sổ cái; nếu không trạm nào khác có "
        "mục đó thì chờ cũng không về, xem nhật ký",
        "  what came back is not what was signed; if no other office has that "
        "entry, waiting does not help: see the log"};
    static const struct language_text giving_up = {
        "  việc chấp nhận mất đã bắt đầu mà chưa xong: dừng trung tâm, chạy "
        "lại init --recover --give-up",
        "  giving up was begun and has not ended: stop the collector, run "
        "init --recover --give-up again"};
    static const struct language_text clock_behind = {
        "  đồng hồ của máy này chậm hơn mục cuối của sổ cái: chỉnh lại, việc "
        "dựng lại đang chờ",
        "  this machine's clock is behind the ledger's last entry: set it, the "
        "rebuilding waits"};
    const json_t *recovery = json_object_get(live->standing, "recovery");
    char text[RUNS_TEXT_MAX];

    if (kind_of(recovery) == RECOVERY_NONE) {
        return;
    }
    (void)printf("%s\n", args_text(args, kinds[kind_of(recovery)].text));
    if (json_is_true(json_object_get(recovery, "giving_up"))) {
        (void)printf("%s\n", args_text(args, giving_up));
        return;
    }
    if (json_is_true(json_object_get(recovery, "clock_behind"))) {
        (void)printf("%s\n", args_text(args, clock_behind));
    }
    if (args->language == LANGUAGE_EN) {
        (void)printf(
            "  entry %" PRIu64 " of %" PRIu64 "; %" PRIu64
            " wait for those before them; %" PRIu64 " are missing\n",
            live_number(recovery, "entries"), live_number(recovery, "target"),
            live_number(recovery, "kept"), live_number(recovery, "missing"));
    } else {
        (void)printf(
            "  mục %" PRIu64 " trên %" PRIu64 "; chờ ghép %" PRIu64
            "; còn thiếu %" PRIu64 "\n",
            live_number(recovery, "entries"), live_number(recovery, "target"),
            live_number(recovery, "kept"), live_number(recovery, "missing"));
    }
    runs_text(recovery, text);
    if (*text != '\0') {
        (void)printf("%s: %s\n", args_text(args, missing), text);
    }
    offices_text(recovery, text);
    if (*text != '\0') {
        (void)printf("%s: %s\n", args_text(args, unheard), text);
    }
    if (json_is_true(json_object_get(recovery, "misfit"))) {
        (void)printf("%s (%" PRIu64 ")\n", args_text(args, misfit),
                     live_number(recovery, "misfit_at"));
    }
    print_next(args, live, recovery);
}

static const struct listing_column columns[] = {
    {"state", {"Trạng thái", "State"}, LISTING_LEFT},
    {"entries", {"Mục", "Entries"}, LISTING_RIGHT},
    {"target", {"Cần có", "Target"}, LISTING_RIGHT},
    {"waiting", {"Chờ ghép", "Waiting"}, LISTING_RIGHT},
    {"missing", {"Còn thiếu", "Missing"}, LISTING_RIGHT},
    {"numbers", {"Các mục thiếu", "Numbers"}, LISTING_LEFT},
    {"unheard", {"Trạm chưa gửi", "Unheard"}, LISTING_LEFT},
};

enum status status_list_recovery(const struct args *args,
                                 const struct live *live,
                                 enum listing_format format)
{
    const json_t *recovery = json_object_get(live->standing, "recovery");
    struct listing *listing = NULL;
    char text[RUNS_TEXT_MAX];
    enum status status =
        listing_open(format, args->language, columns,
                     sizeof columns / sizeof columns[0], stdout, &listing);

    if (status != STATUS_OK) {
        return status;
    }
    listing_text(listing, format == LISTING_TEXT
                              ? args_text(args, kinds[kind_of(recovery)].text)
                              : kinds[kind_of(recovery)].token);
    listing_count(listing, live_number(recovery, "entries"));
    listing_count(listing, live_number(recovery, "target"));
    listing_count(listing, live_number(recovery, "kept"));
    listing_count(listing, live_number(recovery, "missing"));
    runs_text(recovery, text);
    listing_text(listing, text);
    offices_text(recovery, text);
    listing_text(listing, text);
    return listing_close(&listing);
}
