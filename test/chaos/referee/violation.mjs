const SHOWN = 5;

/** A violation that names some of the guilty; false when there are none. */
export const some = (rule, message, guilty) =>
  guilty.length > 0 && {
    rule,
    message: `${guilty.length} ${message}: ${guilty.slice(0, SHOWN).join(', ')}${guilty.length > SHOWN ? ', …' : ''}`,
  };
