/* What only the list of people is asked for needs no spool, so the server's
 * threads answer it. */
#include "agent/api/people.h"

#include "agent/api/site.h"
#include "common/base/check.h"
#include "common/event/catalogue.h"

#include <string.h>

/* What comparing a PIN takes beside the page: little enough for the machine,
 * and enough to make guessing slow for who has stolen the file. */
#define PIN_EFFORT 4
#define PIN_MEMORY (4u * 1024u * 1024u)

const struct accounts_rules office_people = {
    .files = {[ACCOUNTS_USERS] = "people", [ACCOUNTS_LINKS] = "links"},
    .roles = {{PERSON_CLERK, "clerk"},
              {PERSON_OFFICER, "officer"},
              {PERSON_HEAD_OF_OFFICE, "head_of_office"},
              {PERSON_COLLABORATOR, "collaborator"}},
    .written_names = true,
    .secret_name = "pin",
    .effort = PIN_EFFORT,
    .memory = PIN_MEMORY,
    .at_once = 1,
};

/* Roles of people are named as the values of enum Role are. */
static const struct catalogue_value *role_value(uint32_t role)
{
    const char *name = accounts_role_name(&office_people, role);

    check(name != NULL);
    return catalogue_value_by_token(catalogue_enumeration("Role"), name,
                                    strlen(name));
}

uint32_t person_event_role(const struct http_who *who)
{
    return role_value(who->role)->value;
}

void people_sign_in(void *context, struct http_request *request,
                    struct http_reply *reply)
{
    struct site *site = context;

    access_sign_in(site->access, request, reply);
}

void people_tell_session(void *context, struct http_request *request,
                         struct http_reply *reply)
{
    struct site *site = context;

    access_tell(site->access, request, reply);
}

void people_sign_out(void *context, struct http_request *request,
                     struct http_reply *reply)
{
    struct site *site = context;

    access_sign_out(site->access, request, reply);
}

/* ---- the list ---- */

struct listed {
    enum language language;
    json_t *rows;
};

static void list_one(void *owner, const struct account *account)
{
    struct listed *listed = owner;
    const struct catalogue_value *role = role_value(account->role);
    json_t *row =
        json_pack("{s:s, s:s, s:s}", "name", account->name, "role", role->token,
                  "label", language_pick(role->label, listed->language));

    /* Without memory the list is not whole, and none. */
    if (json_array_append_new(listed->rows, row) != 0) {
        json_decref(listed->rows);
        listed->rows = NULL;
    }
}

void people_list(void *context, struct http_request *request,
                 struct http_reply *reply)
{
    static const char *const known[] = {"lang", NULL};
    struct site *site = context;
    struct listed listed = {.language = desk_language(request),
                            .rows = json_array()};
    json_t *json;

    if (http_query_only(request, known, reply)) {
        access_list(site->access, list_one, &listed);
        json = json_pack("{s:o}", "people", listed.rows);
        listed.rows = NULL;
        desk_give(&json, reply);
    }
    json_decref(listed.rows);
}
