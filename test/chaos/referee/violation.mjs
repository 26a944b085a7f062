const SHOWN = 5;

/** Returns a violation that names the first offenders; false when there are none. */
export const some = (rule, message, guilty) =>
  guilty.length > 0 && {
    rule,
    message: `${guilty.length} ${message}: ${guilty.slice(0, SHOWN).join(', ')}${guilty.length > SHOWN ? ', …' : ''}`,
  };
