/* The happy path: the file is looked at page by page when it is opened, then
 * one pass over the entries, which stops where something was kept of the
 * figures, then the tables as a whole, then the reports that need a fold of
 * their own. */
#include "collector/audit/verify.h"

#include "collector/audit/verify_entries.h"
#include "collector/audit/verify_figures.h"
#include "collector/audit/verify_resume.h"
#include "collector/figures/tally.h"
#include "collector/ledger/ledger_internal.h"
#include "common/base/check.h"
#include "common/store/store_file.h"

#include <string.h>

#define PAGE_BYTES 4096u /* as LMDB is used here */

struct pass {
    const struct verify_options *options;
    struct verify_results *results;
    struct ledger *ledger;
    struct ledger_snapshot *snapshot; /* of the entries' thread */
    struct ledger_snapshot *own;      /* of this one */
    struct province *province;
    struct tally *tally;
    struct verify_entries *entries;
    struct verify_figures *figures;
    struct verify_resume *resume;
    uint64_t size;
};

static const struct language_text pages_damaged = {
    "các trang của tệp bị hỏng, không đọc tiếp được",
    "the file's pages are damaged, and nothing more can be read"};
static const struct language_text no_fold = {
    "một mục không đọc được, nên không tính lại được số liệu",
    "an entry cannot be read, so the figures cannot be made again"};

/* ---- opening ---- */

static void nothing_more(struct verify_results *results)
{
    for (int i = VERIFY_STORE + 1; i < VERIFY_PART_END; i++) {
        verify_unchecked(results, (enum verify_part)i, pages_damaged);
    }
}

/* Opens the ledger whatever state it is in. STATUS_CORRUPT: its pages cannot
 * be trusted; that is a finding. */
static enum status open_ledger(struct pass *pass, bool busy)
{
    struct store_look look = {.what = NULL};
    struct ledger_options options = {.path = pass->options->directory->ledger,
                                     .read_only = true,
                                     .no_lock = !busy,
                                     .look = &look};
    enum status status = ledger_open(&options, &pass->ledger);

    pass->results->parts[VERIFY_STORE].checked = 1;
    if (status == STATUS_CORRUPT) {
        verify_found(pass->results, VERIFY_STORE, VERIFY_FAULT_PAGE,
                     look.what == NULL
                         ? verify_nowhere()
                         : verify_at_offset(look.page * PAGE_BYTES),
                     look.what);
        nothing_more(pass->results);
        return status;
    }
    if (status == STATUS_OK && look.values > 0) {
        verify_found(pass->results, VERIFY_STORE, VERIFY_FAULT_VALUE,
                     verify_nowhere(), NULL);
    }
    return status;
}

static enum status open_pass(struct pass *pass)
{
    struct verify_entries_options options = {
        .results = pass->results, .outside = pass->options->checkpoint};
    enum status status = ledger_snapshot_open(pass->ledger, &pass->snapshot);

    if (status != STATUS_OK) {
        return status;
    }
    pass->size = ledger_snapshot_size(pass->snapshot);
    ledger_show_prefix(pass->ledger, pass->size);
    status = ledger_snapshot_open(pass->ledger, &pass->own);
    if (status == STATUS_OK && pass->options->resume != NULL) {
        status = verify_resume_open(pass->options->resume, pass->size,
                                    &pass->resume);
    }
    if (status == STATUS_OK) {
        options.snapshot = pass->snapshot;
        options.cold = pass->ledger->cold;
        options.has_tree = store_format(pass->ledger->store) >= LEDGER_FORMAT;
        options.signed_before = verify_resume_position(pass->resume);
        status = verify_entries_new(&options, &pass->entries);
    }
    return status;
}

static void close_pass(struct pass *pass)
{
    verify_figures_free(&pass->figures);
    tally_close(&pass->tally);
    province_close(&pass->province);
    verify_entries_free(&pass->entries);
    verify_resume_close(&pass->resume);
    ledger_snapshot_close(&pass->own);
    ledger_snapshot_close(&pass->snapshot);
    ledger_close(&pass->ledger);
}

/* ---- the pass ---- */

static void tell(const struct pass *pass, uint64_t done)
{
    if (pass->options->progress != NULL) {
        pass->options->progress(pass->options->owner, done, pass->size);
    }
}

static void told_by_tally(void *owner, uint64_t done, uint64_t entries)
{
    (void)entries;
    tell(owner, done);
}

static uint64_t step_of(const struct pass *pass)
{
    return pass->options->step == 0 ? VERIFY_STEP : pass->options->step;
}

static bool is_to_stop(const struct pass *pass)
{
    return pass->options->stop != NULL &&
           pass->options->stop(pass->options->owner);
}

/* Without the fold. STATUS_AGAIN: stopped. */
static enum status read_until(struct pass *pass, uint64_t end)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && verify_entries_count(pass->entries) < end) {
        if (verify_entries_count(pass->entries) % step_of(pass) == 0 &&
            is_to_stop(pass)) {
            return STATUS_AGAIN;
        }
        verify_entries_next(pass->entries);
        tell(pass, verify_entries_count(pass->entries));
        status = verify_entries_status(pass->entries);
    }
    verify_entries_settle(pass->entries);
    return status;
}

/* What ends the fold and is a finding, not a failure of this program. */
static bool is_damage(enum status status)
{
    return status != STATUS_OK && status != STATUS_MEMORY &&
           status != STATUS_IO && status != STATUS_AGAIN;
}

static enum status open_figures(struct pass *pass, bool busy)
{
    struct verify_figures_options options = {
        .ledger = pass->ledger,
        .snapshot = pass->own,
        .state = pass->options->directory->state,
        .busy = busy,
        .results = pass->results};
    struct tally_progress progress = {.owner = pass, .folded = told_by_tally};
    struct ahead_look look = {.owner = pass->entries,
                              .read = verify_entries_read,
                              .help = verify_entries_help};
    enum status status = province_open(pass->ledger, &pass->province);

    if (status == STATUS_OK) {
        options.province = pass->province;
        status = verify_figures_new(&options, &pass->figures);
    }
    if (status == STATUS_OK) {
        status =
            tally_open(pass->ledger, pass->province, progress, &pass->tally);
    }
    if (status == STATUS_OK) {
        tally_look(pass->tally, look);
        if (!verify_figures_saved(pass->figures) && pass->resume == NULL) {
            tally_without_registers(pass->tally);
        }
        verify_resume_take(pass->resume, pass->tally);
    }
    if (status == STATUS_OK && verify_resume_position(pass->resume) > 0) {
        const struct verify_kept *kept = verify_resume_kept(pass->resume);

        status = verify_figures_skip(pass->figures,
                                     verify_resume_position(pass->resume),
                                     &kept->compared, kept->alone);
    }
    return status;
}

/* Folds up to the next position where there is something to do. */
static enum status step(struct pass *pass)
{
    uint64_t position = tally_position(pass->tally);
    uint64_t end = verify_figures_next(pass->figures, position);
    unsigned changes;
    bool more;
    enum status status;

    end = end < pass->size ? end : pass->size;
    end = end - position > step_of(pass) ? position + step_of(pass) : end;
    status = tally_step(pass->tally, end - position, &changes, &more);
    verify_entries_settle(pass->entries);
    if (status == STATUS_OK) {
        status = verify_entries_status(pass->entries);
    }
    if (status == STATUS_OK) {
        status = verify_figures_at(pass->figures, pass->tally);
    }
    return status;
}

/* Only what has no finding so far is worth going on with. */
static void keep(struct pass *pass)
{
    struct verify_kept kept = {.unreadable = pass->results->unreadable};
    struct buffer alone;

    buffer_init(&alone, VERIFY_ALONE_MAX);
    if (verify_entries_root(pass->entries, &kept.root) &&
        verify_passes(pass->results) &&
        verify_figures_alone(pass->figures, &alone) == STATUS_OK) {
        kept.compared = *verify_figures_compared(pass->figures);
        kept.alone = buffer_bytes(&alone);
        verify_resume_keep(pass->resume, pass->tally, &kept);
    }
    buffer_fini(&alone);
}

static enum status fold_all(struct pass *pass)
{
    enum status status = STATUS_OK;

    while (status == STATUS_OK && tally_position(pass->tally) < pass->size) {
        bool stop;

        status = step(pass);
        stop = is_to_stop(pass) && tally_position(pass->tally) < pass->size;
        if (status == STATUS_OK && (stop || verify_resume_due(pass->resume))) {
            keep(pass);
        }
        if (status == STATUS_OK && stop) {
            status = STATUS_AGAIN;
        }
    }
    return status;
}

/* What was checked before is read again without signatures and fold, and must
 * be what it was. STATUS_INVALID: it is not. */
static enum status pass_again(struct pass *pass)
{
    uint64_t position = verify_resume_position(pass->resume);
    struct digest root;
    enum status status = read_until(pass, position);

    if (status != STATUS_OK || position == 0) {
        return status;
    }
    if (!verify_entries_root(pass->entries, &root) ||
        !digest_equal(&root, &verify_resume_kept(pass->resume)->root) ||
        !verify_passes(pass->results)) {
        return STATUS_INVALID;
    }
    pass->results->unreadable = verify_resume_kept(pass->resume)->unreadable;
    return STATUS_OK;
}

static enum status fold_everything(struct pass *pass, bool busy)
{
    enum status folded = open_figures(pass, busy);

    if (folded == STATUS_OK && pass->size > 0) {
        folded = fold_all(pass);
    }
    if (folded == STATUS_INVALID && verify_resume_position(pass->resume) > 0) {
        return folded;
    }
    if (is_damage(folded)) {
        verify_unchecked(pass->results, VERIFY_STATE, no_fold);
        verify_unchecked(pass->results, VERIFY_REPORTS, no_fold);
        tally_close(&pass->tally);
        folded = read_until(pass, pass->size);
    } else if (folded == STATUS_OK) {
        tally_close(&pass->tally);
        folded = verify_figures_rest(pass->figures);
        if (is_damage(folded)) {
            verify_unchecked(pass->results, VERIFY_REPORTS, no_fold);
            folded = STATUS_OK;
        }
    }
    return folded;
}

static enum status pass_all(struct pass *pass, bool busy)
{
    enum status status = pass_again(pass);

    if (status == STATUS_OK) {
        status = pass->options->entries_only ? read_until(pass, pass->size)
                                             : fold_everything(pass, busy);
    }
    if (status == STATUS_OK) {
        verify_entries_end(pass->entries);
        pass->results->has_root =
            verify_entries_root(pass->entries, &pass->results->root);
        verify_resume_done(pass->resume);
    }
    return status;
}

static void say_what_is_not_there(struct verify_results *results)
{
    static const struct language_text none = {"không có", "there is none"};

    for (int i = VERIFY_ENTRIES; i < VERIFY_PART_END; i++) {
        if (results->parts[i].checked == 0 && results->parts[i].failed == 0 &&
            results->parts[i].reason.en == NULL) {
            verify_nothing(results, (enum verify_part)i, none);
        }
    }
}

static enum status run(const struct verify_options *options,
                       struct verify_results *results)
{
    struct pass pass = {.options = options, .results = results};
    bool busy = store_file_in_use(options->directory->ledger);
    uint64_t before = 0, after = 0;
    enum status status;

    memset(results, 0, sizeof *results);
    results->language = options->language;
    status = store_file_last(options->directory->ledger, &before);
    if (status == STATUS_NOT_FOUND || status == STATUS_IO) {
        return status;
    }
    status = open_ledger(&pass, busy);
    if (status == STATUS_CORRUPT) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = open_pass(&pass);
    }
    if (status == STATUS_OK) {
        status = pass_all(&pass, busy);
    }
    close_pass(&pass);
    say_what_is_not_there(results);
    /* Without a lock nobody keeps the pages that are being read. */
    if (status == STATUS_OK && !busy && !verify_passes(results) &&
        (store_file_last(options->directory->ledger, &after) != STATUS_OK ||
         after != before)) {
        status = STATUS_BUSY;
    }
    return status;
}

enum status verify_ledger(const struct verify_options *options,
                          struct verify_results *results)
{
    enum status status = run(options, results);

    if (status == STATUS_INVALID && options->resume != NULL) {
        /* The ledger is no longer what it was: all of it is checked. */
        verify_resume_forget(options->resume);
        status = run(options, results);
    }
    return status;
}
