#include "agent/commands/commands.h"
#include "common/base/guard.h"
#include "common/format/sign.h"

int main(int argc, char **argv)
{
    guard_process();
    sign_init();
    return args_main(&agent_program, argc, argv, NULL);
}
