#include "collector/api/roles.h"

#include <sodium.h>

#include "common/people/passwords.h"

const struct accounts_rules province_people = {
    .files = {"users", "tokens", "links", "feed-keys"},
    .roles = {{ROLE_VIEWER, "viewer"},
              {ROLE_OFFICER, "officer"},
              {ROLE_AUDITOR, "auditor"},
              {ROLE_ADMIN, "admin"},
              {ROLE_DISTRICT, "district"}},
    .unit_role = ROLE_DISTRICT,
    .secret_name = "password",
    .effort = crypto_pwhash_OPSLIMIT_INTERACTIVE,
    .memory = crypto_pwhash_MEMLIMIT_INTERACTIVE,
    .at_once = PASSWORDS_AT_ONCE,
};
