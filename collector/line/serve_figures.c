/* What comes back from the figures' thread: documents, and how far it is. */
#include "collector/line/serve.h"

/* An office that has said hello again since has ordered anew. */
static void take_document(struct serve *serve, struct figures_answer *answer)
{
    struct agent_line *line = agents_find(serve->agents, answer->order.agent);

    if (line != NULL && line->documents.ticket == answer->ticket) {
        line->documents.ticket = 0;
        documents_send(&line->documents, &answer->order, &answer->made);
    }
    documents_made_fini(&answer->made);
}

/* Marks what may have changed: at once for those whose own batches have been
 * folded since, soon for the others. What was answered with "later" is among
 * it, for then the figures mean something new. */
static void touch_documents(struct serve *serve,
                            const struct figures_state *state)
{
    int64_t now = clock_monotonic_us(serve->clock);
    unsigned touched = 1u << DOCUMENTS_OUTCOMES;
    struct agent_line *line;

    if (state->registers != serve->told.registers) {
        touched |= 1u << DOCUMENTS_REGISTERS;
    }
    if (state->generation != serve->told.generation) {
        touched = DOCUMENTS_LIVE;
    }
    for (size_t i = 0; (line = agents_at(serve->agents, i)) != NULL; i++) {
        bool own = !serve->busy && line->entries > serve->told.position &&
                   line->entries <= state->position;

        documents_touch(&line->documents, touched,
                        own ? now : now + DOCUMENTS_PAUSE_US);
    }
}

enum status serve_figures(struct serve *serve)
{
    struct figures_answer answer;
    struct figures_state state;

    figures_state(serve->figures, &state);
    while (figures_take(serve->figures, &answer)) {
        take_document(serve, &answer);
    }
    if (state.complete && (state.position != serve->told.position ||
                           state.generation != serve->told.generation)) {
        touch_documents(serve, &state);
        serve->told = state;
    }
    serve->figured = state;
    return state.status;
}
