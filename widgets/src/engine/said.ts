/**
 * What is said to people, in English: a text, or one with `%1`, `%2`, … and the values that stand there. Whoever shows
 * it has it translated; `ui/annotator/engine-words.ts` lists the texts for those who translate.
 */
export type Said = string | readonly [text: string, ...values: (string | number)[]];
