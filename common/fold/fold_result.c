/* Outcomes of the events that do not simply count. A result that has become
 * FOLD_COUNTED stays in the table and is passed over. */
#include "common/fold/fold_state.h"

#include "common/base/check.h"
#include "common/event/reference.h"

#include <stdlib.h>
#include <string.h>

/* So many results may lie unordered behind the others. */
#define FRESH_LEAST 256u
#define FRESH_PART  32u

void fold_results_fini(struct fold *fold)
{
    free(fold->results);
    free(fold->result_order);
    id_map_fini(&fold->result_of);
}

static MUST_USE enum status grow(struct fold *fold)
{
    size_t room = fold->result_room == 0 ? 64 : fold->result_room * 2;
    struct fold_result *results =
        realloc(fold->results, room * sizeof *results);
    uint32_t *order;

    if (results == NULL) {
        return STATUS_MEMORY;
    }
    fold->results = results;
    order = realloc(fold->result_order, room * sizeof *order);
    if (order == NULL) {
        return STATUS_MEMORY;
    }
    fold->result_order = order;
    fold->result_room = room;
    return STATUS_OK;
}

MUST_USE enum status fold_result_set(struct fold *fold,
                                     const struct fold_result *result)
{
    uint32_t at = id_map_get(&fold->result_of, result->event);
    enum fold_outcome before = FOLD_COUNTED;
    enum status status;

    if (at == ID_MAP_NONE && result->outcome == FOLD_COUNTED) {
        return STATUS_OK;
    }
    if (at == ID_MAP_NONE) {
        if (fold->result_count == fold->result_room) {
            status = grow(fold);
            if (status != STATUS_OK) {
                return status;
            }
        }
        at = (uint32_t)fold->result_count;
        status = id_map_put(&fold->result_of, result->event, at);
        if (status != STATUS_OK) {
            return status;
        }
        fold->result_count++;
    } else {
        before = fold->results[at].outcome;
    }
    fold->results[at] = *result;
    check(fold->totals.outcomes[before] > 0);
    fold->totals.outcomes[before]--;
    fold->totals.outcomes[result->outcome]++;
    return STATUS_OK;
}

void fold_result(const struct fold *fold, uint64_t id,
                 struct fold_result *result)
{
    uint32_t at = id_map_get(&fold->result_of, id);

    *result = at == ID_MAP_NONE ? (struct fold_result){.event = id}
                                : fold->results[at];
}

/* qsort() has no room for the results, so it sorts (id, position) pairs. */
struct place {
    uint64_t id;
    uint32_t at;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    return (a->id > b->id) - (a->id < b->id);
}

/* Called after each entry, when little has come: to merge it at once would take
 * a walk through all that there is, and longer with every entry. So the newest
 * stay as they came until they are a part of the whole. */
MUST_USE enum status fold_results_settle(struct fold *fold)
{
    size_t old = fold->ordered, fresh = fold->result_count - fold->ordered;
    size_t out = fold->result_count;
    struct place *places;

    if (fresh <= FRESH_LEAST + old / FRESH_PART) {
        return STATUS_OK;
    }
    places = malloc(fresh * sizeof *places);
    if (places == NULL) {
        return STATUS_MEMORY;
    }
    for (size_t i = 0; i < fresh; i++) {
        places[i].at = (uint32_t)(old + i);
        places[i].id = fold->results[old + i].event;
    }
    qsort(places, fresh, sizeof *places, compare_places);
    while (fresh > 0) {
        if (old > 0 && fold->results[fold->result_order[old - 1]].event >
                           places[fresh - 1].id) {
            fold->result_order[--out] = fold->result_order[--old];
        } else {
            fold->result_order[--out] = places[--fresh].at;
        }
    }
    free(places);
    fold->ordered = fold->result_count;
    return STATUS_OK;
}

/* What is asked for: results that do not count, of one agent or of all. */
struct listing {
    uint32_t agent;
    struct fold_result *results;
    size_t max, found;
};

static bool is_listed(const struct listing *listing,
                      const struct fold_result *result)
{
    return result->outcome != FOLD_COUNTED &&
           (listing->agent == 0 || id60_agent(result->event) == listing->agent);
}

/* Puts it in its place by id, most often the last one; of too many the
 * greatest ids fall out. */
static void list(struct listing *listing, const struct fold_result *result)
{
    size_t at = listing->found < listing->max ? listing->found : listing->max;

    listing->found++;
    if (at == listing->max) {
        if (at == 0 || listing->results[at - 1].event < result->event) {
            return;
        }
        at--;
    }
    while (at > 0 && listing->results[at - 1].event > result->event) {
        listing->results[at] = listing->results[at - 1];
        at--;
    }
    listing->results[at] = *result;
}

size_t fold_results(const struct fold *fold, uint32_t agent,
                    struct fold_result results[], size_t max)
{
    struct listing listing = {.agent = agent, .results = results, .max = max};
    size_t low = 0, high = fold->ordered;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t at = fold->result_order[middle];

        if (id60_agent(fold->results[at].event) < agent) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i < fold->ordered; i++) {
        const struct fold_result *result =
            &fold->results[fold->result_order[i]];

        if (agent != 0 && id60_agent(result->event) != agent) {
            break;
        }
        if (is_listed(&listing, result)) {
            list(&listing, result);
        }
    }
    for (size_t i = fold->ordered; i < fold->result_count; i++) {
        if (is_listed(&listing, &fold->results[i])) {
            list(&listing, &fold->results[i]);
        }
    }
    return listing.found;
}

void fold_totals(const struct fold *fold, struct fold_totals *totals)
{
    *totals = fold->totals;
}

struct outcome_name {
    const char *token;
    struct language_text text;
};

static const struct outcome_name outcome_names[FOLD_OUTCOME_END] = {
    [FOLD_COUNTED] = {"counted", {"đã được tính", "counted"}},
    [FOLD_MALFORMED] = {"malformed",
                        {"không đọc được: hãy hủy sự kiện này và nhập lại",
                         "cannot be read: void the event and record it again"}},
    [FOLD_UNKNOWN_TYPE] =
        {"unknown_type",
         {"loại sự kiện chưa được tỉnh khai báo: được giữ lại, khai báo rồi sẽ "
          "được tính",
          "a type that the province has not declared: kept, and counted once "
          "it is"}},
    [FOLD_UNKNOWN_VALUE] =
        {"unknown_value",
         {"giá trị chưa được tỉnh khai báo: được giữ lại, khai báo rồi sẽ được "
          "tính",
          "a value that the province has not declared: kept, and counted once "
          "it is"}},
    [FOLD_INVALID] = {"invalid",
                      {"trái quy tắc nhập liệu: hãy đính chính hoặc hủy",
                       "breaks a rule: replace or void the event"}},
    [FOLD_OUT_OF_SCOPE] =
        {"out_of_scope",
         {"ngoài phạm vi được giao cho văn phòng: hãy hủy, hoặc đề nghị tỉnh "
          "giao thêm",
          "outside what the office is enrolled for: void the event, or ask "
          "the province to widen the enrolment"}},
    [FOLD_UNIT_NOT_IN_FORCE] =
        {"unit_not_in_force",
         {"đơn vị hành chính không có hiệu lực vào ngày đó: hãy đính chính "
          "đơn vị hoặc ngày",
          "the unit is not in force on that day: replace the event with the "
          "right unit or day"}},
    [FOLD_WRONG_CLOCK] =
        {"wrong_clock",
         {"ngày xảy ra sau ngày tỉnh nhận: hãy chỉnh đồng hồ của máy rồi đính "
          "chính",
          "dated after it was received: set the machine's clock and replace "
          "the event"}},
    [FOLD_TARGET_MISSING] =
        {"target_missing",
         {"đính chính đang chờ sự kiện gốc về đến tỉnh",
          "a correction that waits until its target is received"}},
    [FOLD_NOT_ALLOWED] =
        {"not_allowed",
         {"không được đính chính sự kiện của văn phòng khác: hãy báo văn "
          "phòng đó",
          "another office's event: ask that office to correct it"}},
    [FOLD_RIVAL_LOST] =
        {"rival_lost",
         {"một bản đính chính khác của cùng sự kiện đã được dùng: hãy xem lại "
          "và đính chính bản mới nhất",
          "another correction of the same version was taken: look again and "
          "correct the newest version"}},
    [FOLD_DUPLICATE_ENTRY] =
        {"duplicate_entry",
         {"dòng này đã được nhập trước đó: không cần làm gì",
          "this row was entered before: nothing to do"}},
    [FOLD_VOIDED] = {"voided", {"đã bị hủy", "voided"}},
    [FOLD_REPLACED] = {"replaced",
                       {"đã được thay bằng bản đính chính",
                        "replaced by a correction"}},
};

const char *fold_outcome_token(enum fold_outcome outcome)
{
    check((unsigned)outcome < FOLD_OUTCOME_END);
    return outcome_names[outcome].token;
}

const char *fold_outcome_text(enum fold_outcome outcome, enum language language)
{
    check((unsigned)outcome < FOLD_OUTCOME_END);
    return language_pick(outcome_names[outcome].text, language);
}
