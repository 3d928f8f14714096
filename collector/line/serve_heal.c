/* Failure modes: an office that is away is asked when it comes; one that does
 * not answer, or has other bytes, leaves the damage named. No room: the damage
 * is told and not kept, and found again the next time. */
#include "collector/line/serve_heal.h"

#include <stdlib.h>

#include "collector/ledger/ledger_damage.h"
#include "collector/ledger/scrubber.h"
#include "collector/line/serve_recovery.h"
#include "common/base/log.h"
#include "common/format/control.h"
#include "common/format/wire_pairs.h"

#define LOOKS_MAX 64u /* rows of damage that one turn passes by */

struct heal {
    struct scrubber *scrubber;
    struct ledger_candidates candidates;
    struct ledger_owner_search owner; /* of an entry that cannot be believed */
    bool idle;       /* nothing is damaged, as far as is known */
    uint64_t next;   /* index from which on damage is looked at */
    int64_t look_at; /* monotonic */
    bool asked;
    uint64_t index; /* what was asked for */
    uint32_t agent; /* and of whom */
    int64_t asked_at;
};

/* ---- opening ---- */

enum status serve_heal_open(struct serve *serve)
{
    struct scrubber_options options = {.ledger = serve->ledger,
                                       .clock = serve->clock,
                                       .hour = serve->scrub_hour,
                                       .bytes_per_s = serve->scrub_bytes_per_s};
    struct ledger_snapshot *snapshot = NULL;
    struct ledger_scrubbed last;
    struct entry first;
    enum status status = ledger_snapshot_open(serve->ledger, &snapshot);

    if (status == STATUS_OK) {
        status = ledger_scrubbed(snapshot, &last);
        options.began_at = last.began_at;
    }
    /* One that never was is missed since the ledger began. */
    if (status == STATUS_NOT_FOUND) {
        status = ledger_entry(snapshot, 0, &first);
        options.began_at = status == STATUS_OK ? first.received_at : 0;
    }
    ledger_snapshot_close(&snapshot);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND &&
        status != STATUS_CORRUPT) {
        return status;
    }
    serve->heal = calloc(1, sizeof *serve->heal);
    if (serve->heal == NULL) {
        return STATUS_MEMORY;
    }
    return options.bytes_per_s > 0
               ? scrubber_open(&options, &serve->heal->scrubber)
               : STATUS_OK;
}

void serve_heal_close(struct serve *serve)
{
    if (serve->heal != NULL) {
        scrubber_close(&serve->heal->scrubber);
        free(serve->heal);
        serve->heal = NULL;
    }
}

void serve_heal_set(struct serve *serve)
{
    if (serve->heal->scrubber != NULL) {
        scrubber_set(serve->heal->scrubber, serve->scrub_hour,
                     serve->scrub_bytes_per_s);
    }
}

void serve_heal_scrub(struct serve *serve)
{
    if (serve->heal->scrubber != NULL) {
        scrubber_now(serve->heal->scrubber);
    }
}

static void look_again(struct serve *serve)
{
    serve->heal->next = 0;
    serve->heal->look_at = clock_monotonic_us(serve->clock);
}

void serve_heal_hello(struct serve *serve, const struct agent_line *line)
{
    if (serve->heal->agent == line->number) {
        serve->heal->asked = false;
    }
    look_again(serve);
}

/* ---- what was found ---- */

static const char *what_name(enum scrub_what what)
{
    return what == SCRUB_BYTES   ? "bytes"
           : what == SCRUB_ENTRY ? "entry"
           : what == SCRUB_COLD  ? "cold"
                                 : "node";
}

static enum status note(struct serve *serve,
                        const struct scrub_finding *finding)
{
    const struct ledger_damage damage = {.index = finding->index,
                                         .what = finding->what,
                                         .found_at =
                                             clock_wall_us(serve->clock)};

    log_error("the scrub has found damage",
              log_text("what", what_name(finding->what)),
              log_number("index", (int64_t)finding->index),
              log_number("level", finding->level));
    if (finding->what != SCRUB_NODE) {
        return ledger_keep_damage(serve->ledger, &damage);
    }
    enum status status =
        ledger_mend_node(serve->ledger, finding->level, finding->index);
    return status == STATUS_CORRUPT ? STATUS_OK : status;
}

/* All that stands in a table follows from the entries: nobody is asked. */
static enum status mend_cold(struct serve *serve, uint64_t index)
{
    enum status status = ledger_mend_cold(serve->ledger, index);

    log_error("the table of a cold file was damaged, and is made anew",
              log_number("index", (int64_t)index),
              log_status("status", status));
    return status == STATUS_MEMORY ? status : STATUS_OK;
}

/* In one group, when there is anything. */
static enum status take_findings(struct serve *serve)
{
    uint64_t cold = UINT64_MAX;
    struct heal *heal = serve->heal;
    struct scrub_finding finding;
    struct ledger_scrubbed scrubbed;
    enum status status = STATUS_OK;
    bool open = false;

    for (unsigned i = 0;
         i < SERVE_HEAL_FINDINGS && status == STATUS_OK && cold == UINT64_MAX &&
         scrubber_take(heal->scrubber, &finding);
         i++) {
        if (finding.what == SCRUB_COLD) {
            cold = finding.index;
            continue; /* behind the group, and the rest in the next turn */
        }
        status = open ? STATUS_OK : ledger_begin(serve->ledger);
        open = status == STATUS_OK;
        status = open ? note(serve, &finding) : status;
        look_again(serve);
        heal->idle = false;
    }
    if (status == STATUS_OK && scrubber_ended(heal->scrubber, &scrubbed)) {
        status = open ? STATUS_OK : ledger_begin(serve->ledger);
        open = status == STATUS_OK;
        if (open) {
            status = ledger_keep_scrubbed(serve->ledger, &scrubbed);
        }
    }
    if (open && status == STATUS_OK) {
        status = ledger_commit(serve->ledger);
    } else if (open) {
        ledger_rollback(serve->ledger);
    }
    if (cold != UINT64_MAX && (status == STATUS_OK || status == STATUS_FULL)) {
        status = mend_cold(serve, cold);
        look_again(serve);
    }
    return status == STATUS_FULL ? STATUS_OK : status;
}

/* ---- asking ---- */

static bool may_ask(const struct serve *serve, const struct agent_line *line)
{
    return line != NULL && line->welcomed &&
           (line->capabilities & WIRE_CAPABILITY_PAIRS) != 0 &&
           agents_live(serve->agents, line);
}

/* Where only the bytes are damaged the record says who sent it. STATUS_AGAIN:
 * it is still looked for, in the next turn. */
static enum status sender(struct serve *serve,
                          const struct ledger_snapshot *snapshot,
                          const struct ledger_damage *damage, uint32_t *number)
{
    struct entry entry;

    if (damage->what == SCRUB_BYTES &&
        ledger_entry(snapshot, damage->index, &entry) == STATUS_OK) {
        *number = entry.kind == ENTRY_BATCH ? entry.agent_number : 0;
        return STATUS_OK;
    }
    return ledger_owner(snapshot, damage->index, &serve->heal->owner, number);
}

/* The office that has sent it; of a control entry, and of what nothing is
 * known, whoever mirrors: the next one at each try. */
static const struct agent_line *whom(struct serve *serve, uint32_t number)
{
    const struct agent_line *found = NULL;
    const struct agent_line *line;

    if (number != 0) {
        line = agents_find(serve->agents, number);
        return may_ask(serve, line) ? line : NULL;
    }
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        if (may_ask(serve, line) &&
            (found == NULL || (found->number <= serve->heal->agent &&
                               line->number > serve->heal->agent))) {
            found = line;
        }
    }
    return found;
}

static enum status ask(struct serve *serve, const struct agent_line *line,
                       uint64_t index)
{
    const struct wire_down down = {.kind = WIRE_DOWN_WANTED,
                                   .wanted = {.from = index, .to = index + 1}};
    struct heal *heal = serve->heal;
    enum status status =
        intake_send(serve->listen->intake, &line->route, &down);

    if (status == STATUS_OK) {
        heal->asked = true;
        heal->index = index;
        heal->agent = line->number;
        heal->asked_at = clock_monotonic_us(serve->clock);
        log_info("damaged entry is asked for again",
                 log_number("index", (int64_t)index),
                 log_number("agent", line->number));
    }
    return status == STATUS_AGAIN || status == STATUS_NOT_FOUND ? STATUS_OK
                                                                : status;
}

/* It was found before it was healed, and told afterwards. */
static enum status forget(struct serve *serve, uint64_t index)
{
    enum status status = ledger_begin(serve->ledger);

    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_drop_damage(serve->ledger, index);
    if (status != STATUS_OK) {
        ledger_rollback(serve->ledger);
        return status;
    }
    return ledger_commit(serve->ledger);
}

/* The next damage that somebody can be asked for. */
static enum status look(struct serve *serve,
                        const struct ledger_snapshot *snapshot)
{
    struct heal *heal = serve->heal;
    struct ledger_damage damage;
    enum status status = STATUS_OK;
    bool damaged = false;
    uint32_t number = 0;

    for (unsigned i = 0; i < LOOKS_MAX && status == STATUS_OK; i++) {
        status = ledger_next_damage(snapshot, heal->next, &damage);
        if (status == STATUS_OK) {
            status = ledger_look_at(snapshot, damage.index, &damaged);
        }
        if (status == STATUS_OK && damaged &&
            sender(serve, snapshot, &damage, &number) == STATUS_AGAIN) {
            return STATUS_OK;
        }
        if (status == STATUS_OK) {
            const struct agent_line *line =
                damaged ? whom(serve, number) : NULL;

            heal->next = damage.index + 1;
            if (line != NULL) {
                return ask(serve, line, damage.index);
            }
            status = damaged ? STATUS_OK : forget(serve, damage.index);
        }
    }
    if (status == STATUS_NOT_FOUND) {
        heal->idle = heal->next == 0;
        heal->next = 0;
        heal->look_at = clock_monotonic_us(serve->clock) + SERVE_HEAL_AGAIN_US;
        status = STATUS_OK;
    }
    return status;
}

enum status serve_heal(struct serve *serve)
{
    struct heal *heal = serve->heal;
    struct ledger_snapshot *snapshot = NULL;
    int64_t now = clock_monotonic_us(serve->clock);
    enum status status =
        heal->scrubber == NULL ? STATUS_OK : take_findings(serve);

    if (heal->asked && now - heal->asked_at >= SERVE_HEAL_ANSWER_US) {
        heal->asked = false;
    }
    /* While the ledger itself comes back the offices are asked by others. */
    if (status != STATUS_OK || heal->asked || heal->idle ||
        now < heal->look_at || serve_recovers(serve)) {
        return status;
    }
    status = ledger_snapshot_open(serve->ledger, &snapshot);
    if (status == STATUS_OK) {
        status = look(serve, snapshot);
    }
    ledger_snapshot_close(&snapshot);
    return status;
}

int64_t serve_heal_due_at(const struct serve *serve)
{
    const struct heal *heal = serve->heal;
    int64_t now = clock_monotonic_us(serve->clock);
    uint64_t done = 0;
    uint64_t of = 0;

    if (heal == NULL || serve_recovers(serve)) {
        return INT64_MAX;
    }
    if (heal->scrubber != NULL && scrubber_runs(heal->scrubber, &done, &of)) {
        return now + SERVE_HEAL_LOOK_US;
    }
    if (heal->asked) {
        return heal->asked_at + SERVE_HEAL_ANSWER_US;
    }
    return heal->idle ? INT64_MAX : heal->look_at;
}

/* ---- what comes back ---- */

static enum status try(struct serve *serve, const struct wire_pair *pair)
{
    static const char *const words[] = {
        [LEDGER_HEALED] = "damage is healed",
        [LEDGER_HEAL_WAITS] = "nothing vouches for the record yet",
        [LEDGER_HEAL_WRONG] = "an office returned something else: not healed",
        [LEDGER_HEAL_SOUND] = "nothing is damaged there any more",
    };
    struct heal *heal = serve->heal;
    enum ledger_healing healing = LEDGER_HEAL_SOUND;
    enum status status;

    if (pair->erased || pair->entry.index != heal->index) {
        return STATUS_OK; /* it has no bytes to give */
    }
    status = ledger_heal(serve->ledger, &heal->candidates, &pair->entry,
                         pair->bytes, &healing);
    if (status == STATUS_OK && healing == LEDGER_HEAL_WRONG) {
        log_error(words[healing], log_number("index", (int64_t)heal->index),
                  log_number("agent", heal->agent));
    } else if (status == STATUS_OK) {
        log_info(words[healing], log_number("index", (int64_t)heal->index),
                 log_number("agent", heal->agent));
    }
    return status == STATUS_FULL ? STATUS_OK : status;
}

enum status serve_heal_returned(struct serve *serve,
                                const struct agent_line *line,
                                const struct intake_message *message)
{
    const struct wire_pairs *returned = &message->up.returned;
    struct heal *heal = serve->heal;
    struct wire_pair pairs[WIRE_PAIRS_MAX];
    struct buffer whole;
    enum status status = STATUS_OK;

    if (!heal->asked || line == NULL || line->number != heal->agent) {
        return STATUS_OK; /* nothing was wanted of it */
    }
    buffer_init(&whole, CONTROL_BYTES_MAX);
    status = wire_pairs_join(returned, message->batches, message->batch_count,
                             &whole, pairs);
    if (status == STATUS_INVALID || status == STATUS_REFUSED ||
        status == STATUS_VERSION) {
        log_error("an office returned something else: not healed",
                  log_number("index", (int64_t)heal->index),
                  log_number("agent", heal->agent));
        status = STATUS_OK;
    } else {
        for (size_t i = 0; i < returned->count && status == STATUS_OK; i++) {
            status = try(serve, &pairs[i]);
        }
    }
    buffer_fini(&whole);
    if (returned->has_done) {
        heal->asked = false;
        heal->look_at = clock_monotonic_us(serve->clock);
    }
    return status;
}
