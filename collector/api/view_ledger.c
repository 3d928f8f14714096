/* How the ledger stands: its size, what was signed and witnessed, when it was
 * last read and held against its hashes, and what does not count. */
#include "collector/api/view_offices.h"

#include "collector/ledger/ledger_damage.h"
#include "common/format/checkpoint.h"

static void tell_checkpoint(struct say *say, const struct standing *standing)
{
    const struct checkpoints_standing *last =
        standing == NULL ? NULL : &standing->checkpoints;

    if (last == NULL || last->size == 0) {
        say_null(say, "checkpoint");
    } else {
        say_object(say, "checkpoint");
        say_number(say, "size", (int64_t)last->size);
        say_hex(say, "root",
                (struct bytes){last->root.bytes, sizeof last->root.bytes});
        say_moment(say, "signed_at", last->signed_at);
        say_object_end(say);
    }
    if (last == NULL || last->trouble == CHECKPOINTS_GOOD) {
        say_null(say, "trouble");
        return;
    }
    say_object(say, "trouble");
    say_text(say, "trouble", checkpoints_trouble_token(last->trouble));
    say_labels(say, "meaning",
               (struct language_text){
                   checkpoints_trouble_text(last->trouble, LANGUAGE_VI),
                   checkpoints_trouble_text(last->trouble, LANGUAGE_EN)});
    say_number(say, "size", (int64_t)last->trouble_size);
    if (last->trouble_agent != 0) {
        say_number(say, "agent", last->trouble_agent);
    } else {
        say_null(say, "agent");
    }
    say_object_end(say);
}

static void tell_witnesses(struct scene *scene)
{
    struct say *say = &scene->say;
    const struct standing *standing = scene->source->standing;
    const struct checkpoints_standing *last =
        standing == NULL ? NULL : &standing->checkpoints;

    say_object(say, "witnesses");
    say_number(say, "count", last == NULL ? 0 : (int64_t)last->witnesses);
    say_number(say, "current", last == NULL ? 0 : (int64_t)last->current);
    say_number(say, "objections", last == NULL ? 0 : (int64_t)last->objections);
    say_array(say, "offices");
    for (size_t i = 0; standing != NULL && i < standing->witness_count; i++) {
        const struct checkpoints_witness *witness = &standing->witnesses[i];
        const struct context_agent *agent =
            context_agent(scene->context, witness->agent);

        say_object(say, NULL);
        say_number(say, "agent", witness->agent);
        say_text(say, "name", agent == NULL ? "" : agent->name);
        say_number(say, "size", (int64_t)witness->size);
        say_moment(say, "at", witness->time * CLOCK_US_PER_S);
        say_bool(say, "current",
                 witness->size != 0 && witness->size == last->size);
        view_objection(say, "objects", witness);
        say_object_end(say);
    }
    say_array_end(say);
    say_object_end(say);
}

/* The last time that every entry was read, and what is damaged now. */
static void tell_verified(struct scene *scene,
                          const struct ledger_snapshot *snapshot)
{
    struct say *say = &scene->say;
    struct ledger_scrubbed scrubbed;
    struct ledger_damage damage;
    uint64_t next = 0;
    int64_t damaged = 0;

    if (ledger_scrubbed(snapshot, &scrubbed) == STATUS_OK) {
        say_object(say, "verified");
        say_moment(say, "at", scrubbed.ended_at);
        say_number(say, "entries", (int64_t)scrubbed.entries);
        say_number(say, "damaged", (int64_t)scrubbed.found);
        say_object_end(say);
    } else {
        say_null(say, "verified");
    }
    while (ledger_next_damage(snapshot, next, &damage) == STATUS_OK) {
        damaged++;
        next = damage.index + 1;
    }
    say_number(say, "damaged", damaged);
}

static void tell_backup(struct scene *scene)
{
    struct say *say = &scene->say;
    const struct context_backup *backup = context_backup(scene->context);

    if (backup == NULL) {
        say_null(say, "backup");
        return;
    }
    say_object(say, "backup");
    say_number(say, "up_to", (int64_t)backup->mark.up_to_index);
    say_moment(say, "made_at", backup->made_at);
    say_number(say, "entry", (int64_t)backup->index);
    say_object_end(say);
}

static void tell_size(struct scene *scene,
                      const struct ledger_snapshot *snapshot)
{
    struct say *say = &scene->say;
    uint64_t size = ledger_snapshot_size(snapshot);
    uint64_t used = 0, total = 0;
    struct entry entry;
    struct digest record;
    uint8_t bytes[ENTRY_BYTES];

    say_number(say, "size", (int64_t)size);
    if (size > 0 && ledger_entry(snapshot, size - 1, &entry) == STATUS_OK) {
        entry_write(&entry, bytes);
        digest_bytes((struct bytes){bytes, sizeof bytes}, &record);
        say_hex(say, "hash", (struct bytes){record.bytes, sizeof record.bytes});
        say_moment(say, "committed_at", entry.received_at);
    } else {
        say_null(say, "hash");
        say_null(say, "committed_at");
    }
    ledger_room(scene->source->view->ledger, &used, &total);
    say_total(say, "bytes_used", used);
    say_total(say, "bytes_total", total);
    say_number(say, "figures_position", (int64_t)tally_position(scene->tally));
    say_bool(say, "figures_complete", scene->fold != NULL);
    say_bool(say, "full",
             scene->source->standing != NULL && scene->source->standing->full);
}

void view_ledger(struct scene *scene)
{
    struct say *say = &scene->say;
    const struct control_genesis *genesis = context_genesis(scene->context);
    struct ledger_snapshot *snapshot = NULL;
    int64_t counts[VIEW_OFFICE_END];

    if (scene->query->reader.home != 0) {
        (void)scene_fail(scene, 403, "the ledger is the province's to see");
        return;
    }
    if (!scene_ok(scene, ledger_snapshot_open(scene->source->view->ledger,
                                              &snapshot))) {
        return;
    }
    say_object(say, NULL);
    say_moment(say, "at", scene->source->wall_us);
    say_text(say, "origin", genesis == NULL ? "" : genesis->origin);
    tell_size(scene, snapshot);
    view_outcome_totals(scene, "outcomes");
    tell_checkpoint(say, scene->source->standing);
    tell_witnesses(scene);
    tell_verified(scene, snapshot);
    tell_backup(scene);
    ledger_snapshot_close(&snapshot);
    view_count_offices(scene, counts);
    view_office_counts(say, "offices", counts);
    say_object_end(say);
}
