#include "agent/commands.h"
#include "common/guard.h"
#include "common/sign.h"

int main(int argc, char **argv)
{
    guard_process();
    sign_init();
    return args_main(&agent_program, argc, argv, NULL);
}
