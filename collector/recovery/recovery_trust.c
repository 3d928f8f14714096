/* Whom a walk believes where several offices claim one index. The first choice
 * doubts nobody; each other one doubts one office most, or one most and another
 * one next, and believes their claims only where there is no better one. What
 * two offices say is doubted only when both are. One office that lies is among
 * the first two suspects, and doubted alone soon: wherever it claims what is
 * another's, the other one is believed then.
 *
 * The choices behind the first stand in blocks, one for each suspect: it alone,
 * then with each one before it, either way round. So those that are tried stay
 * what they were when a later walk finds one suspect more. */
#include "collector/recovery/recovery_internal.h"

#include "common/base/check.h"

/* How much a claim is doubted: by whose word it stands. */
enum doubt {
    DOUBT_NONE,
    DOUBT_SOME,
    DOUBT_MOST
};

struct doubted {
    uint32_t most, next; /* 0: nobody */
};

static struct doubted doubted_by(const struct recovery_proof *proof)
{
    uint32_t at = proof->choice;
    uint32_t block = 0;

    if (at == 0) {
        return (struct doubted){.most = 0};
    }
    at--;
    while (at >= 2 * block + 1) {
        at -= 2 * block + 1;
        block++;
    }
    check(block < proof->suspect_count);
    if (at == 0) {
        return (struct doubted){.most = proof->suspects[block]};
    }
    at--;
    return at % 2 == 0 ? (struct doubted){.most = proof->suspects[block],
                                          .next = proof->suspects[at / 2]}
                       : (struct doubted){.most = proof->suspects[at / 2],
                                          .next = proof->suspects[block]};
}

static enum doubt doubt_of(struct doubted doubted, uint32_t agent)
{
    if (agent == doubted.most) {
        return DOUBT_MOST;
    }
    return agent == doubted.next ? DOUBT_SOME : DOUBT_NONE;
}

static bool is_behind(const struct recovery_proof *proof, uint64_t walk)
{
    return walk != 0 && walk == proof->walk;
}

/* The better of the two offices that say so; what was said behind the walk says
 * nothing in it. */
static enum doubt doubt_row(const struct recovery_proof *proof,
                            struct doubted doubted,
                            const struct recovery_row *row)
{
    enum doubt own = doubt_of(doubted, row->agent);
    enum doubt other;

    if (row->other == 0 || is_behind(proof, row->vouched_late)) {
        return own;
    }
    other = doubt_of(doubted, row->other);
    return other < own ? other : own;
}

enum status recovery_choose(const struct recovery *recovery,
                            const struct recovery_reader *reader,
                            uint64_t index, struct recovery_row *row)
{
    const struct recovery_proof *proof = &recovery->proof;
    struct doubted doubted = doubted_by(proof);
    struct recovery_row next;
    enum doubt least = DOUBT_NONE;
    bool found = false;
    enum status status = recovery_next_row(reader, index, 0, &next);

    while (status == STATUS_OK && next.entry.index == index) {
        enum doubt doubt = doubt_row(proof, doubted, &next);

        if (!is_behind(proof, next.late) && (!found || doubt < least)) {
            *row = next;
            least = doubt;
            found = true;
        }
        status = recovery_next_row(reader, index, next.agent + 1, &next);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    return found ? STATUS_OK : STATUS_NOT_FOUND;
}

static void note_suspect(struct recovery_proof *proof, uint32_t agent)
{
    for (size_t i = 0; i < proof->suspect_count; i++) {
        if (proof->suspects[i] == agent) {
            return;
        }
    }
    if (proof->suspect_count < RECOVERY_SUSPECTS_MAX) {
        proof->suspects[proof->suspect_count++] = agent;
    }
}

enum status recovery_suspect(struct recovery_proof *proof,
                             const struct recovery_reader *reader,
                             uint64_t index)
{
    struct recovery_row row;
    uint32_t first = 0;
    enum status status = recovery_next_row(reader, index, 0, &row);

    while (status == STATUS_OK && row.entry.index == index) {
        if (first == 0) {
            first = row.agent;
        } else {
            note_suspect(proof, first);
            note_suspect(proof, row.agent);
        }
        status = recovery_next_row(reader, index, row.agent + 1, &row);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A block begins with its suspect alone. */
static bool next_alone(struct recovery_proof *proof)
{
    for (uint32_t block = 0; block < proof->suspect_count; block++) {
        if (1 + block * block > proof->choice) {
            proof->choice = 1 + block * block;
            return true;
        }
    }
    return false;
}

bool recovery_next_choice(struct recovery_proof *proof)
{
    uint32_t suspects = (uint32_t)proof->suspect_count;

    if (proof->alone) {
        return next_alone(proof);
    }
    if (proof->choice >= suspects * suspects) {
        return false;
    }
    proof->choice++;
    return true;
}
