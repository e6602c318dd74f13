/** What stands in a table where a text has a value. */
export const SPOTS = ['{1}', '{2}', '{3}', '{4}', '{5}'] as const;
