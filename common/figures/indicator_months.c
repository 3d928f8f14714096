#include "common/figures/indicator_months.h"

#include "common/base/check.h"

/* The same number on whatever days: it says nothing of its own. */
static bool is_fixed(const struct plan_formula *formula)
{
    return formula->operation == PLAN_IN_FORCE ||
           formula->operation == PLAN_LIST ||
           formula->operation == PLAN_CONSTANT ||
           formula->operation == PLAN_BASELINE;
}

/* What all operands that say anything are; OWN where they differ. */
static enum indicator_months common_of(const struct plan_formula *formula)
{
    enum indicator_months found = INDICATOR_MONTHS_STOCK;
    bool any = false;

    for (uint32_t i = 0; i < formula->operand_count; i++) {
        enum indicator_months one = indicator_months(formula->operands[i]);

        if (is_fixed(formula->operands[i])) {
            continue;
        }
        found = !any || found == one ? one : INDICATOR_MONTHS_OWN;
        any = true;
    }
    return found;
}

enum indicator_months indicator_months(const struct plan_formula *formula)
{
    enum indicator_months common;

    switch (formula->operation) {
    case PLAN_SUM:
    case PLAN_FIRST:
        return INDICATOR_MONTHS_ADD;
    case PLAN_REACHED:
    case PLAN_STATUS:
    case PLAN_DUE:
    case PLAN_LATEST:
    case PLAN_IN_FORCE:
    case PLAN_LIST:
    case PLAN_CONSTANT:
    case PLAN_BASELINE:
        return INDICATOR_MONTHS_STOCK;
    case PLAN_DISTINCT:
    case PLAN_STATED:
    case PLAN_IN_TIME:
    case PLAN_UNITS:
    case PLAN_PERIODS:
    case PLAN_ON_TIME:
    case PLAN_CHANGE:
        return INDICATOR_MONTHS_OWN;
    case PLAN_ADD:
    case PLAN_SUBTRACT:
        return common_of(formula);
    case PLAN_ALL_OF:
    case PLAN_BOTH:
    case PLAN_EITHER:
    case PLAN_WITHOUT:
    case PLAN_RATIO:
        common = common_of(formula);
        return common == INDICATOR_MONTHS_ADD ? INDICATOR_MONTHS_OWN : common;
    }
    check(false && "a formula has one of the operations above");
    return INDICATOR_MONTHS_OWN;
}

const char *indicator_months_token(enum indicator_months months)
{
    static const char *const tokens[] = {[INDICATOR_MONTHS_ADD] = "add",
                                         [INDICATOR_MONTHS_OWN] = "own",
                                         [INDICATOR_MONTHS_STOCK] = "stock"};

    check((unsigned)months <= INDICATOR_MONTHS_STOCK);
    return tokens[months];
}
